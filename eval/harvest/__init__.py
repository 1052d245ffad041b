"""From conversations that went wrong to cases that a person has read: the sets grow with what drivers write."""
