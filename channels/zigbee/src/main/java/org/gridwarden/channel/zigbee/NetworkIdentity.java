package org.gridwarden.channel.zigbee;

import com.zsmartsystems.zigbee.ExtendedPanId;
import com.zsmartsystems.zigbee.ZigBeeChannel;
import com.zsmartsystems.zigbee.ZigBeeStatus;
import com.zsmartsystems.zigbee.security.ZigBeeKey;
import com.zsmartsystems.zigbee.transport.ZigBeeTransportTransmit;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/**
 * Which network a dongle holds, without its keys: those never leave the dongle, and the office
 * keeps no copy.
 */
record NetworkIdentity(String extendedPan, int pan) {
  private static final String FILE = "network.properties";
  private static final SecureRandom RANDOM = new SecureRandom();

  static Optional<NetworkIdentity> read(Path folder) throws IOException {
    Properties lines = new Properties();
    try (Reader in = Files.newBufferedReader(folder.resolve(FILE))) {
      lines.load(in);
      return Optional.of(
          new NetworkIdentity(
              lines.getProperty("extendedPan", ""),
              Integer.parseInt(lines.getProperty("pan", "0"), 16)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new IOException(folder.resolve(FILE) + " is damaged: " + e.getMessage(), e);
    }
  }

  void write(Path folder) throws IOException {
    Files.writeString(
        folder.resolve(FILE),
        "extendedPan = "
            + extendedPan
            + "\npan = "
            + String.format(Locale.ROOT, "%04x", pan)
            + "\n");
  }

  private static NetworkIdentity of(ZigBeeTransportTransmit dongle) {
    return new NetworkIdentity(
        String.valueOf(dongle.getZigBeeExtendedPanId()), dongle.getZigBeePanId() & 0xFFFF);
  }

  /**
   * @throws IOException where the dongle does not hold this network
   */
  void check(ZigBeeTransportTransmit dongle, ZigBeeStatus started) throws IOException {
    if (started != ZigBeeStatus.SUCCESS) {
      throw new IOException(
          "the dongle's network "
              + extendedPan
              + " does not come up: was it reset, or exchanged? Put the former one back, or"
              + " take another folder, which forms a new network that all meters must join");
    }
    NetworkIdentity now = of(dongle);
    if (!now.extendedPan.equalsIgnoreCase(extendedPan)) {
      throw new IOException(
          "the dongle holds network "
              + now.extendedPan
              + ", and the folder is of network "
              + extendedPan
              + ": they were exchanged");
    }
  }

  /** Forms a network with keys that nobody knows, by which nobody comes in. */
  static NetworkIdentity form(ZigBeeTransportTransmit dongle, ZigbeeSettings settings)
      throws IOException {
    dongle.setZigBeeChannel(ZigBeeChannel.create(settings.channel()));
    if (settings.type() == ZigbeeSettings.Type.EZSP) {
      // an XBee module makes these itself, and its driver says ours for the module's own
      dongle.setZigBeePanId(1 + RANDOM.nextInt(0xFFFD));
      dongle.setZigBeeExtendedPanId(new ExtendedPanId(bytes(8)));
      dongle.setZigBeeNetworkKey(new ZigBeeKey(bytes(16)));
      dongle.setTcLinkKey(new ZigBeeKey(bytes(16)));
    }
    if (dongle.startup(true) != ZigBeeStatus.SUCCESS) {
      throw new IOException(
          "the dongle at " + settings.port() + " forms no network: unplug it, plug it in again");
    }
    return of(dongle);
  }

  private static int[] bytes(int count) {
    int[] bytes = new int[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = RANDOM.nextInt(256);
    }
    return bytes;
  }
}
