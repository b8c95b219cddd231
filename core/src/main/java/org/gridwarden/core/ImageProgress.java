package org.gridwarden.core;

/**
 * How far an image has come on its way to a meter.
 *
 * @param image its name
 * @param there how many of its blocks the meter has
 * @param blocks how many it has in all, by the meter's block size; at least 1
 */
public record ImageProgress(String image, int there, int blocks) {
  /**
   * @throws IllegalArgumentException where more are there than there are
   */
  public ImageProgress {
    if (there < 0 || blocks < 1 || there > blocks) {
      throw new IllegalArgumentException(there + " of " + blocks + " blocks");
    }
  }

  /** Whether nothing is missing. */
  public boolean isWhole() {
    return there == blocks;
  }
}
