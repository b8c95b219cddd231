package org.gridwarden.headend.integrity;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Configuration;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.headend.Collection;
import org.gridwarden.headend.command.Images;
import org.gridwarden.headend.integrity.ConfigurationWatch.Part;

/**
 * The daily look at a meter's configuration: what its companion profile calls so is read and held
 * against what it was (S9); the firmware that it says it runs is its inventory. Thread-safe.
 */
public final class ConfigurationLook implements Collection.Daily {
  private final ConfigurationWatch watch;
  private final Images images;

  /**
   * @param images told which firmware runs
   */
  public ConfigurationLook(ConfigurationWatch watch, Images images) {
    this.watch = watch;
    this.images = images;
  }

  @Override
  public void look(MeterId meter, MeterSession session)
      throws ChannelException, InterruptedException {
    Optional<Configuration> read = session.configuration();
    if (read.isEmpty()) {
      return;
    }
    Configuration now = read.get();
    compare(meter, Part.OBJECTS, now.objects());
    compare(meter, Part.CALIBRATION, now.calibration());
    if (now.firmware().isPresent()) {
      String version = now.firmware().get();
      images.runs(meter, version);
      compare(meter, Part.FIRMWARE, Map.of("firmware", version.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private void compare(MeterId meter, Part part, Map<String, byte[]> readout)
      throws InterruptedException {
    if (!readout.isEmpty()) {
      var _ = watch.compare(meter, part, readout);
    }
  }
}
