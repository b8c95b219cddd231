package org.gridwarden.channel.dlms.gate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.WrappedKeys.Wrapped;
import org.gridwarden.dlms.security.StoredCounter;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.Shipment;
import org.gridwarden.security.ShipmentLine;
import org.gridwarden.security.ShipmentRules;
import org.gridwarden.security.Shipments;
import org.gridwarden.security.ShippedKey;
import org.gridwarden.security.UnusableKeyException;
import org.gridwarden.security.gate.OrderGate;

/**
 * A gate's own folder (0700), which the head-end has no business in:
 *
 * <pre>
 * keys/            the gate's key pair, as an office's: meters' keys are shipped to keys/office-key.pub.pem
 * meters.csv       a shipment with the management client's keys of its meters, wrapped
 * operators/       the public keys that it obeys, put there by a person
 * gate-key.pub.pem with what it signs its records
 * orders.log       what it began and finished
 * counter          its invocation counters
 * </pre>
 */
final class GateFolder implements LastGate.Keys {
  private static final byte[] TITLE = "GWRDGATE".getBytes(StandardCharsets.US_ASCII);
  private static final int BLOCK = 256;

  private final OfficeKey own;
  private final Map<MeterId, ShipmentLine> meters = new HashMap<>();

  private GateFolder(OfficeKey own) {
    this.own = own;
  }

  /**
   * Opens a gate, or makes its keys where the folder has none.
   *
   * @throws IOException where a file is damaged or readable by others
   */
  static LastGate open(Path folder, InstantSource clock) throws IOException {
    SecretFiles.folder(folder);
    GateFolder keys = new GateFolder(OfficeKey.open(folder.resolve("keys")));
    keys.meters(folder.resolve("meters.csv"));
    return new LastGate(
        TITLE,
        keys,
        OrderGate.open(folder, keys.own, clock),
        new StoredCounter(new GateCounter(folder), BLOCK, 0, words -> {}),
        clock);
  }

  private void meters(Path file) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try (InputStream in = Files.newInputStream(file)) {
      Shipment shipment = Shipments.read(in, ShipmentRules.of(own, false));
      if (!shipment.errors().isEmpty()) {
        throw new IOException(file + ", " + shipment.errors().getFirst());
      }
      shipment.lines().forEach(line -> meters.put(line.meter(), line));
    }
  }

  @Override
  public Optional<ShipmentLine> meter(MeterId id) {
    return Optional.ofNullable(meters.get(id));
  }

  @Override
  public KeySet open(ShipmentLine meter) throws IOException {
    try {
      return own.open(
          meter.meter(),
          Purpose.DLMS_GLOBAL_UNICAST,
          new Wrapped(meter.keyId(), bytes(meter.encryption()), bytes(meter.authentication())));
    } catch (UnusableKeyException e) {
      throw new IOException("the keys of meter " + meter.meter() + " are not for this gate", e);
    }
  }

  private static byte[] bytes(ShippedKey key) {
    return key instanceof ShippedKey.Wrapped wrapped ? wrapped.bytes() : new byte[0];
  }
}
