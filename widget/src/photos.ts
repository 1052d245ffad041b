/** Photos before they are sent: drawn anew, which makes them small and leaves place, time and device behind. */

const LONGEST = 1600;
const QUALITY = 0.85;
const PREVIEW = 112;
const LARGEST = 10 * 1024 * 1024;

export const ACCEPTED = "image/jpeg,image/png,image/webp,image/heic,image/heif";
export const MOST = 5;

/** The file is no photo that can be sent. */
export class NoPhoto extends Error {}

export interface Prepared {
  data: Blob;
  /** A small copy to show; none where the browser cannot read the format. */
  preview?: HTMLCanvasElement;
}

export async function prepared(file: File): Promise<Prepared> {
  if (/heic|heif/i.test(file.type) || /\.hei[cf]$/i.test(file.name)) {
    // Few browsers read it. The server does, and strips it.
    if (file.size > LARGEST) throw new NoPhoto();
    return { data: file };
  }
  if (!/^image\/(jpeg|png|webp)$/.test(file.type)) throw new NoPhoto();
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new NoPhoto();
  });
  const data = await new Promise<Blob | null>((done) => drawn(bitmap, LONGEST).toBlob(done, "image/jpeg", QUALITY));
  const preview = drawn(bitmap, PREVIEW);
  bitmap.close();
  if (!data) throw new NoPhoto();
  return { data, preview };
}

function drawn(bitmap: ImageBitmap, longest: number): HTMLCanvasElement {
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d")!;
  context.fillStyle = "#fff"; // behind what is see-through
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}
