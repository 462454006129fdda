import { execa } from "execa";

/** Commit all that a folder's git repository holds, as somebody; returns the commit. */
export async function commitAll(folder: string, message = "models"): Promise<string> {
  const git = (...args: string[]) => execa("git", ["-C", folder, ...args]);
  const identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
  await git("add", "--all");
  await git(...identity, "commit", "--quiet", "-m", message);
  return (await git("rev-parse", "HEAD")).stdout;
}
