package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.Meter;
import org.gridwarden.core.Reach;
import org.gridwarden.core.Secret;
import org.gridwarden.core.Signing;
import org.gridwarden.core.WrappedKeys.Wrapped;
import org.gridwarden.security.KeyWrap;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.Shipment;
import org.gridwarden.security.ShipmentError;
import org.gridwarden.security.ShipmentLine;
import org.gridwarden.security.ShippedKey;
import org.gridwarden.security.UnusableKeyException;

/**
 * Brings one shipment in, within a caller's transaction and lock. A meter that is known already may
 * stand in it with the very same data; anything else about it is refused, since a shipment must not
 * rebind a meter or its keys (C24). Not thread-safe; one import's.
 */
final class MeterImport {
  /** Up to so many meters each key is opened at once; of more, every so-manieth. */
  private static final int OPENED = 200;

  private static final int CHUNK = 5_000;

  private static final Set<Purpose> MAY_BE_LEFT_OUT =
      Set.of(Purpose.COMMAND_SEAL, Purpose.DLMS_MASTER, Purpose.MESSAGE);

  private final OfficeKey office;
  private final MeterIndex index;
  private final List<ShipmentError> errors;
  private final List<Fresh> fresh = new ArrayList<>();
  private int wrong;
  private int unchanged;

  /** A new meter with its keys as they will be kept. */
  record Fresh(ShipmentLine line, List<MeterKeys.Pair> pairs) {}

  MeterImport(Shipment shipment, OfficeKey office, MeterIndex index) {
    this.office = office;
    this.index = index;
    this.errors = new ArrayList<>(shipment.errors());
    this.wrong = shipment.wrong();
  }

  /** Compares every line with what is known. */
  void check(Connection c, List<ShipmentLine> lines) throws SQLException {
    List<ShipmentLine> again = new ArrayList<>();
    int every = Math.max(1, lines.size() / OPENED);
    int count = 0;
    for (ShipmentLine line : lines) {
      Optional<MeterIndex.Known> known = index.known(line.meter());
      Optional<Meter> owner = index.bySystemTitle(line.systemTitle());
      if (known.isPresent()) {
        again.add(line);
      } else if (owner.isPresent()) {
        reject(line, "system_title", "belongs to meter " + owner.get().id() + " already");
      } else {
        boolean open = count++ % every == 0;
        prepare(line, open).ifPresent(fresh::add);
      }
    }
    compare(c, again);
  }

  boolean faultless() {
    return wrong == 0;
  }

  ShipmentResult result(boolean dryRun, boolean stored) {
    return new ShipmentResult(fresh.size(), unchanged, errors, wrong, dryRun, stored);
  }

  /**
   * Stores the new meters.
   *
   * @return what the index must learn after the commit
   */
  List<MeterIndex.Known> store(Connection c, Instant now) throws SQLException {
    List<MeterIndex.Known> stored = new ArrayList<>(fresh.size());
    for (int from = 0; from < fresh.size(); from += CHUNK) {
      List<Fresh> chunk = fresh.subList(from, Math.min(fresh.size(), from + CHUNK));
      Map<String, Integer> numbers = insert(c, chunk);
      List<MeterKeys.Owned> keys = new ArrayList<>();
      List<Integer> mounted = new ArrayList<>();
      List<String> points = new ArrayList<>();
      List<String> noLongerWaiting = new ArrayList<>();
      for (Fresh one : chunk) {
        ShipmentLine line = one.line;
        Integer number = numbers.get(line.meter().value());
        if (number == null) {
          throw new SQLException("a meter that was stored has no number");
        }
        one.pairs.forEach(pair -> keys.add(new MeterKeys.Owned(number, pair)));
        if (!line.servicePoint().isEmpty()) {
          mounted.add(number);
          points.add(line.servicePoint());
        }
        noLongerWaiting.add(line.meter().value());
        noLongerWaiting.add(HexFormat.of().withUpperCase().formatHex(line.systemTitle()));
        stored.add(
            new MeterIndex.Known(number, line.asMeter(), line.servicePoint(), line.feeder()));
      }
      MeterKeys.insert(c, keys);
      MeterPoints.mount(c, mounted, points, now);
      WaitingList.remove(c, noLongerWaiting);
    }
    return stored;
  }

  private static Map<String, Integer> insert(Connection c, List<Fresh> chunk) throws SQLException {
    int n = chunk.size();
    String[][] texts = new String[11][n];
    byte[][] titles = new byte[n][];
    byte[][] receiptKeys = new byte[n][];
    for (int i = 0; i < n; i++) {
      ShipmentLine line = chunk.get(i).line;
      texts[0][i] = line.meter().value();
      texts[1][i] = line.serial();
      texts[2][i] = line.profile();
      texts[3][i] = line.zone().getId();
      texts[4][i] = line.policy().name();
      texts[5][i] = line.reach().address();
      texts[6][i] = line.reach().link();
      texts[7][i] = line.reach().client();
      texts[8][i] = line.reach().companion();
      texts[9][i] = line.feeder();
      texts[10][i] = line.signing().name();
      if (line.receiptKey().length != 0) {
        receiptKeys[i] = line.receiptKey();
      }
      if (line.systemTitle().length != 0) {
        titles[i] = line.systemTitle();
      }
    }
    Map<String, Integer> numbers = new HashMap<>();
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO meter (meter_id, serial, profile, zone, push_policy, address, link,"
                + " client, companion, feeder, signing, system_title, receipt_key) SELECT * FROM"
                + " unnest(?::text[], ?::text[],"
                + " ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],"
                + " ?::text[], ?::text[], ?::bytea[], ?::bytea[]) RETURNING meter_id, id")) {
      for (int i = 0; i < texts.length; i++) {
        s.setArray(i + 1, c.createArrayOf("text", texts[i]));
      }
      s.setArray(12, c.createArrayOf("bytea", titles));
      s.setArray(13, c.createArrayOf("bytea", receiptKeys));
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          numbers.put(r.getString(1), r.getInt(2));
        }
      }
    }
    return numbers;
  }

  private void compare(Connection c, List<ShipmentLine> again) throws SQLException {
    for (int from = 0; from < again.size(); from += CHUNK) {
      List<ShipmentLine> chunk = again.subList(from, Math.min(again.size(), from + CHUNK));
      Map<ShipmentLine, MeterIndex.Known> known = new HashMap<>();
      for (ShipmentLine line : chunk) {
        index.known(line.meter()).ifPresent(meter -> known.put(line, meter));
      }
      List<Integer> numbers = known.values().stream().map(MeterIndex.Known::number).toList();
      Map<Integer, Map<Purpose, MeterKeys.Pair>> keys = MeterKeys.find(c, numbers);
      Map<Integer, byte[]> receiptKeys = MeterKeys.receiptKeys(c, numbers);
      for (ShipmentLine line : chunk) {
        MeterIndex.Known meter = known.get(line);
        if (meter != null) {
          compare(
              line,
              meter,
              keys.getOrDefault(meter.number(), Map.of()),
              receiptKeys.getOrDefault(meter.number(), new byte[0]));
        }
      }
    }
  }

  private void compare(
      ShipmentLine line,
      MeterIndex.Known known,
      Map<Purpose, MeterKeys.Pair> keys,
      byte[] receiptKey) {
    Meter is = known.meter();
    Meter wanted = line.asMeter();
    String differs =
        !java.util.Arrays.equals(is.systemTitle(), wanted.systemTitle())
            ? "system_title"
            : !is.serial().equals(wanted.serial())
                ? "serial"
                : !is.profile().equals(wanted.profile())
                    ? "profile"
                    : !is.zone().equals(wanted.zone())
                        ? "zone"
                        : is.policy() != wanted.policy()
                            ? "push_policy"
                            : wanted.signing() == Signing.DLMS && is.signing() != wanted.signing()
                                ? "signing"
                                : !known.servicePoint().equals(line.servicePoint())
                                    ? "service_point"
                                    : differs(line, known, receiptKey);
    if (!differs.isEmpty()) {
      reject(
          line,
          differs,
          "meter " + line.meter() + " is known with another one; a shipment does not change it");
      return;
    }
    int before = wrong;
    Map<Purpose, MeterKeys.Pair> sent = new HashMap<>();
    try {
      for (MeterKeys.Pair pair : pairs(line, false)) {
        sent.put(pair.purpose(), pair);
      }
      for (Purpose purpose : Purpose.values()) {
        if (!same(line, purpose, keys.get(purpose), sent.get(purpose)) && wrong == before) {
          reject(
              line,
              switch (purpose) {
                case DLMS_GLOBAL_UNICAST -> "guek";
                case DLMS_GLOBAL_BROADCAST -> "gbek";
                case COMMAND_SEAL -> "seal";
                case DLMS_MASTER -> "master";
                case MESSAGE -> "message";
              },
              "meter " + line.meter() + " has other keys; a key change is no shipment");
        }
      }
    } catch (UnusableKeyException e) {
      reject(line, "guek", unusable(e));
    }
    if (wrong == before) {
      unchanged++;
    }
  }

  /** What a shipment may leave unsaid. */
  private static String differs(ShipmentLine line, MeterIndex.Known known, byte[] receiptKey) {
    return !line.feeder().isEmpty() && !line.feeder().equals(known.feeder())
        ? "feeder"
        : line.receiptKey().length != 0 && !java.util.Arrays.equals(line.receiptKey(), receiptKey)
            ? "receipt_key"
            : differs(known.meter().reach(), line.reach());
  }

  /** How a meter is reached changes; a shipment that does not say it leaves it as it is. */
  private static String differs(Reach is, Reach wanted) {
    return wanted.equals(Reach.NONE) || wanted.equals(is)
        ? ""
        : !wanted.address().equals(is.address())
            ? "address"
            : !wanted.link().equals(is.link())
                ? "link"
                : !wanted.client().equals(is.client()) ? "client" : "companion";
  }

  private boolean same(
      ShipmentLine line,
      Purpose purpose,
      MeterKeys.@org.jspecify.annotations.Nullable Pair is,
      MeterKeys.@org.jspecify.annotations.Nullable Pair sent)
      throws UnusableKeyException {
    if (is == null || sent == null) {
      // a shipment may leave out what commands need
      return is == sent || sent == null && MAY_BE_LEFT_OUT.contains(purpose);
    }
    Wrapped shipped = is.shipped();
    Wrapped again = sent.shipped();
    if (shipped != null && again != null && same(shipped, again)) {
      return true;
    }
    // wrapped anew: only the keys themselves tell
    KeySet one = office.open(line.meter(), purpose, is.cheaper());
    KeySet two = office.open(line.meter(), purpose, sent.cheaper());
    return java.util.Arrays.equals(one.keyId(), two.keyId())
        && one.encryption().equals(two.encryption())
        && one.authentication().equals(two.authentication());
  }

  private static boolean same(Wrapped one, Wrapped two) {
    return java.util.Arrays.equals(one.keyId(), two.keyId())
        && java.util.Arrays.equals(one.encryption(), two.encryption())
        && java.util.Arrays.equals(one.authentication(), two.authentication());
  }

  /**
   * A line's keys as they will be kept, each opened.
   *
   * @throws UnusableKeyException where one does not open here
   */
  static List<MeterKeys.Pair> opened(ShipmentLine line, OfficeKey office, MeterIndex index)
      throws UnusableKeyException {
    return new MeterImport(new Shipment(List.of(line), List.of(), 1, 0), office, index)
        .pairs(line, true);
  }

  private Optional<Fresh> prepare(ShipmentLine line, boolean open) {
    try {
      return Optional.of(new Fresh(line, pairs(line, open)));
    } catch (UnusableKeyException e) {
      reject(line, "guek", unusable(e));
      return Optional.empty();
    }
  }

  private List<MeterKeys.Pair> pairs(ShipmentLine line, boolean open) throws UnusableKeyException {
    List<MeterKeys.Pair> pairs = new ArrayList<>();
    ShippedKey auth = line.authentication();
    pair(line, Purpose.DLMS_GLOBAL_UNICAST, line.encryption(), auth, open).ifPresent(pairs::add);
    pair(line, Purpose.DLMS_GLOBAL_BROADCAST, line.broadcast(), auth, open).ifPresent(pairs::add);
    ShippedKey.None alone = new ShippedKey.None();
    pair(line, Purpose.COMMAND_SEAL, line.seal(), alone, open).ifPresent(pairs::add);
    pair(line, Purpose.DLMS_MASTER, line.master(), alone, open).ifPresent(pairs::add);
    pair(line, Purpose.MESSAGE, line.message(), alone, open).ifPresent(pairs::add);
    return pairs;
  }

  private Optional<MeterKeys.Pair> pair(
      ShipmentLine line,
      Purpose purpose,
      ShippedKey encryption,
      ShippedKey authentication,
      boolean open)
      throws UnusableKeyException {
    if (encryption instanceof ShippedKey.None) {
      return Optional.empty();
    }
    if (encryption instanceof ShippedKey.Plain(Secret plain)
        && !(authentication instanceof ShippedKey.Wrapped)) {
      Secret auth =
          authentication instanceof ShippedKey.Plain(Secret key) ? key : new Secret(new byte[0]);
      KeySet keys = new KeySet(line.keyId(), plain, auth);
      Wrapped local = office.wrapLocally(line.meter(), purpose, keys);
      return Optional.of(new MeterKeys.Pair(purpose, null, local));
    }
    Wrapped shipped = new Wrapped(line.keyId(), wrapped(encryption), wrapped(authentication));
    if (!open) {
      return Optional.of(new MeterKeys.Pair(purpose, shipped, null));
    }
    KeySet keys = office.open(line.meter(), purpose, shipped);
    Wrapped local = office.wrapLocally(line.meter(), purpose, keys);
    return Optional.of(new MeterKeys.Pair(purpose, shipped, local));
  }

  private byte[] wrapped(ShippedKey key) {
    return switch (key) {
      case ShippedKey.None none -> new byte[0];
      case ShippedKey.Wrapped wrapped -> wrapped.bytes();
      case ShippedKey.Plain plain -> KeyWrap.forShipment(office.publicKey(), plain.key());
    };
  }

  private String unusable(UnusableKeyException e) {
    return e.getMessage() + "; the office's key is " + office.fingerprint();
  }

  private void reject(ShipmentLine line, String field, String error) {
    wrong++;
    if (errors.size() < 1_000) {
      errors.add(new ShipmentError(line.line(), field, error));
    }
  }
}
