"""WhatsApp, by its Cloud API (https://developers.facebook.com/documentation/business-messaging/whatsapp)."""
