package org.gridwarden.headend.command;

import java.util.Optional;
import org.gridwarden.core.Action;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Image;
import org.gridwarden.core.ImageProgress;
import org.gridwarden.core.MeterId;

/** The firmware images that updates bring to meters, and how far they have come. Thread-safe. */
public interface Images {
  /** An office without any. */
  Images NONE =
      new Images() {
        @Override
        public Image image(Action.UpdateFirmware update) throws ChannelException {
          throw new ChannelException(
              new Fault(Fault.Code.FORBIDDEN, "firmware", "this office has no images"));
        }

        @Override
        public Optional<ImageProgress> latest(MeterId meter) {
          return Optional.empty();
        }

        @Override
        public void carried(CommandId command, MeterId meter, ImageProgress progress) {}

        @Override
        public void runs(MeterId meter, String version) {}
      };

  /**
   * What is carried to a meter before an update is ordered.
   *
   * @throws ChannelException FORBIDDEN where there is no such image, or its maker's signature does
   *     not hold any more
   */
  Image image(Action.UpdateFirmware update) throws ChannelException;

  /** How far the latest image came that was carried to a meter. */
  Optional<ImageProgress> latest(MeterId meter);

  /** Notes how far a command's image has come. */
  void carried(CommandId command, MeterId meter, ImageProgress progress);

  /** Notes what a meter says it runs, as it was read from it. */
  void runs(MeterId meter, String version);
}
