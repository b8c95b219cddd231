package org.gridwarden.headend.firmware;

import java.lang.ref.SoftReference;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.core.Action;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Image;
import org.gridwarden.core.ImageProgress;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.UnitOfWork;
import org.gridwarden.headend.command.CommandFault;
import org.gridwarden.headend.command.Images;
import org.gridwarden.security.command.FirmwareManifest;
import org.gridwarden.security.command.FirmwarePackage;
import org.gridwarden.security.command.FirmwareVersion;
import org.gridwarden.store.FirmwareBook;
import org.gridwarden.store.ImageProgressBook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Images out of the database as they are carried to meters: with their makers' signed manifests
 * before them. An image that many meters get at once is held once. Thread-safe.
 */
public final class ImageStock implements Images {
  private static final Logger LOG = LoggerFactory.getLogger(ImageStock.class);
  private static final String READ = "read from the meter";

  private final UnitOfWork work;
  private final FirmwareBook firmware;
  private final ImageProgressBook progress;
  private final InstantSource clock;
  private final Map<String, SoftReference<Image>> held = new ConcurrentHashMap<>();

  public ImageStock(
      UnitOfWork work, FirmwareBook firmware, ImageProgressBook progress, InstantSource clock) {
    this.work = work;
    this.firmware = firmware;
    this.progress = progress;
    this.clock = clock;
  }

  @Override
  public Image image(Action.UpdateFirmware update) throws ChannelException {
    String name = HexFormat.of().formatHex(update.sha256());
    FirmwareBook.Image row =
        firmware
            .image(update.sha256())
            .orElseThrow(() -> refused("there is no image " + name + " here: add it first"));
    try {
      FirmwareManifest manifest = FirmwareOffice.manifest(firmware, row);
      if (!manifest.version().toString().equals(update.version())) {
        throw refused("image " + name + " is " + manifest + ", not " + update.version());
      }
    } catch (CommandFault e) {
      throw refused(String.valueOf(e.getMessage()));
    }
    SoftReference<Image> known = held.get(name);
    Image image = known == null ? null : known.get();
    if (image == null) {
      image =
          Image.of(
              name,
              FirmwarePackage.of(row.signed(), firmware.bytes(update.sha256()).orElseThrow()));
      held.values().removeIf(old -> old.get() == null);
      held.put(name, new SoftReference<>(image));
    }
    return image;
  }

  private static ChannelException refused(String remedy) {
    return new ChannelException(new Fault(Fault.Code.FORBIDDEN, "firmware", remedy));
  }

  @Override
  public Optional<ImageProgress> latest(MeterId meter) {
    return progress.latest(meter).map(ImageProgressBook.Carried::progress);
  }

  @Override
  public void carried(CommandId command, MeterId meter, ImageProgress so) {
    progress.keep(command, meter, so);
  }

  @Override
  public void runs(MeterId meter, String version) {
    Optional<FirmwareBook.Running> known = firmware.running(meter);
    if (known.isEmpty()) {
      return; // of which model it is nobody said
    }
    try {
      String said = FirmwareVersion.parse(version).toString();
      work.call(tx -> {
        firmware.runs(
            tx, new FirmwareBook.Running(meter, known.get().model(), said, clock.instant(), READ));
        return said;
      });
    } catch (IllegalArgumentException e) {
      LOG.warn("meter {} says it runs what is no version", meter);
    }
  }
}
