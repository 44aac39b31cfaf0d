/** Whether a tag of git is the release of the images: "0.2.14-post2" is of 0.2.14, "0.2.14" is not of 0.2.1. */
export const isSameRelease = (tag: string, release: string): boolean => tag.startsWith(release) && !/^[\d.]/.test(tag.slice(release.length));
