package org.gridwarden.dlms.objects;

import java.security.PublicKey;
import java.util.Optional;
import org.gridwarden.dlms.DlmsException;

/**
 * Says which images may run on a device, and makes them run: a port that its owner implements.
 * Called by one thread at a time, with the image transfer's lock held: it neither blocks nor calls
 * back.
 */
public interface ImageJudge {
  /** An image that may run. */
  interface Ready {
    /** Its maker's signature, as image_to_activate_info shows it. */
    byte[] signature();

    /**
     * Makes it run, if it still may: what runs may have changed since it was judged.
     *
     * @return false where it does not; then the old firmware must run on
     */
    boolean activate();
  }

  /**
   * Judges an image.
   *
   * @return empty where its maker's signature does not hold, it is for other devices, or older than
   *     what runs
   */
  Optional<Ready> judge(byte[] image);

  /**
   * A judge of images as {@link FirmwareImage} has them.
   *
   * @param maker whose signature an image must bear, on P-256 or P-384
   * @param firmware what runs here
   */
  static ImageJudge of(PublicKey maker, Firmware firmware) {
    return bytes -> {
      try {
        return Optional.of(FirmwareImage.verify(bytes, maker))
            .filter(image -> mayRun(image, firmware))
            .map(image ->
                new Ready() {
                  @Override
                  public byte[] signature() {
                    return image.signature();
                  }

                  @Override
                  public boolean activate() {
                    return mayRun(image, firmware) && firmware.activate(image);
                  }
                });
      } catch (DlmsException e) {
        return Optional.empty();
      }
    };
  }

  private static boolean mayRun(FirmwareImage image, Firmware firmware) {
    return image.model().equals(firmware.model())
        && image.version().compareTo(firmware.running()) >= 0;
  }
}
