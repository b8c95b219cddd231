package org.gridwarden.dlms.objects;

/**
 * What a device runs: a port that its owner implements. Called by one thread at a time, with the
 * image transfer's lock held: it neither blocks nor calls back.
 */
public interface Firmware {
  /** What it is: an image for another model is refused. */
  String model();

  /** What runs now; an image of a lower version is refused, also after a restart. */
  FirmwareVersion running();

  /**
   * Makes an image run. It is verified, for this model, and not older than what runs.
   *
   * @return false where that fails; then the old firmware must run on
   */
  boolean activate(FirmwareImage image);
}
