package org.gridwarden.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gridwarden.core.Meter.PushPolicy;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Reach;
import org.gridwarden.core.Secret;
import org.gridwarden.core.Signing;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.P256;

/**
 * Checks a shipment's meters one by one, whichever form they came in. What stood in a field is told
 * in an error only where it is too short to be a key: columns may be in the wrong order. Not
 * thread-safe; one file's.
 */
final class ShipmentCheck {
  /** Longest content of any field: a wrapped key of 4,096 bits in base64, and then some. */
  static final int MAX_FIELD = 2_048;

  static final List<String> FIELDS =
      List.of(
          "meter_id",
          "serial",
          "system_title",
          "profile",
          "service_point",
          "zone",
          "push_policy",
          "key_id",
          "guek",
          "gak",
          "gbek",
          "address",
          "link",
          "client",
          "companion",
          "feeder",
          "receipt_key",
          "seal",
          "master",
          "message",
          "signing");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern SERIAL = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
  private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._:-]{1,16}");
  private static final Pattern TITLE = Pattern.compile("[0-9A-Fa-f]{16}");
  private static final Pattern HEX_KEY = Pattern.compile("(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{64})");
  private static final int SHORT = 24;

  private final ShipmentRules rules;
  private final List<ShipmentLine> lines = new ArrayList<>();
  private final List<ShipmentError> errors = new ArrayList<>();
  private final Map<MeterId, Integer> ids = new HashMap<>();
  private final Map<String, Integer> titles = new HashMap<>();
  private final Map<String, ZoneId> zones = new HashMap<>();
  private int read;
  private int wrong;
  private int line;
  private boolean fine;

  ShipmentCheck(ShipmentRules rules) {
    this.rules = rules;
  }

  /** Something is wrong with the file as a whole or with a line that is no meter. */
  void file(int at, String field, String error) {
    wrong++;
    tell(at, field, error);
  }

  /** False where the file names too many meters: reading ends there. */
  boolean room(int at) {
    if (read < rules.maxMeters()) {
      return true;
    }
    file(at, "", "a file names at most " + rules.maxMeters() + " meters; split it");
    return false;
  }

  /** Checks the next meter; missing fields are absent from the map. */
  void meter(int at, Map<String, String> fields) {
    read++;
    line = at;
    fine = true;
    String serial = name(fields, "serial", SERIAL, "");
    MeterId id = id(fields, serial);
    byte[] title = title(fields);
    String profile = name(fields, "profile", NAME, "");
    String point = point(fields);
    ZoneId zone = zone(fields);
    PushPolicy policy = policy(fields);
    ShippedKey encryption = key(fields, "guek");
    ShippedKey authentication = key(fields, "gak");
    ShippedKey broadcast = key(fields, "gbek");
    Reach reach = reach(fields);
    String feeder = feeder(fields);
    byte[] receiptKey = receiptKey(fields);
    ShippedKey seal = key(fields, "seal");
    ShippedKey master = key(fields, "master");
    ShippedKey message = key(fields, "message");
    needed(policy, title, encryption, authentication, broadcast, message);
    Signing signing = signing(fields);
    if (signing == Signing.DLMS) {
      signed(id, serial, title, authentication, receiptKey, seal);
    }
    byte[] keyId = keyId(fields);
    once(id, title);
    if (fine) {
      lines.add(
          new ShipmentLine(
              at,
              id,
              serial,
              title,
              profile,
              point,
              zone,
              policy,
              keyId,
              encryption,
              authentication,
              broadcast,
              reach,
              feeder,
              receiptKey,
              seal,
              master,
              message,
              signing));
    } else {
      wrong++;
    }
  }

  Shipment result() {
    return new Shipment(lines, errors, read, wrong);
  }

  private MeterId id(Map<String, String> fields, String serial) {
    String text = get(fields, "meter_id");
    try {
      return new MeterId(text.isEmpty() ? serial.isEmpty() ? "-" : serial : text);
    } catch (IllegalArgumentException e) {
      error("meter_id", e.getMessage() + "");
      return new MeterId("-");
    }
  }

  private byte[] title(Map<String, String> fields) {
    String text = get(fields, "system_title");
    if (text.isEmpty()) {
      return new byte[0];
    }
    if (!TITLE.matcher(text).matches()) {
      error("system_title", "has 16 hexadecimal digits" + not(text));
      return new byte[0];
    }
    return HexFormat.of().parseHex(text);
  }

  private String point(Map<String, String> fields) {
    String text = get(fields, "service_point");
    if (text.length() > 64 || text.chars().anyMatch(Character::isISOControl)) {
      error("service_point", "has at most 64 characters and no control characters" + not(text));
      return "";
    }
    return text;
  }

  private ZoneId zone(Map<String, String> fields) {
    String text = get(fields, "zone");
    ZoneId known = zones.get(text);
    if (known != null) {
      return known;
    }
    try {
      ZoneId zone = ZoneId.of(text);
      if (zones.size() < 1_000) {
        zones.put(text, zone);
      }
      return zone;
    } catch (DateTimeException e) {
      error("zone", "is a time zone such as Europe/Zurich" + not(text));
      return ZoneId.of("UTC");
    }
  }

  private PushPolicy policy(Map<String, String> fields) {
    String text = get(fields, "push_policy").toUpperCase(Locale.ROOT);
    return switch (text) {
      case "", "AUTHENTICATED" -> PushPolicy.AUTHENTICATED;
      case "ENCRYPTED" -> PushPolicy.ENCRYPTED;
      case "PLAIN" -> PushPolicy.PLAIN;
      default -> {
        error("push_policy", "is authenticated, encrypted or plain" + not(text));
        yield PushPolicy.AUTHENTICATED;
      }
    };
  }

  private Reach reach(Map<String, String> fields) {
    try {
      return new Reach(
          get(fields, "address"),
          get(fields, "link"),
          get(fields, "client"),
          get(fields, "companion"));
    } catch (IllegalArgumentException e) {
      String[] words = String.valueOf(e.getMessage()).split(" ", 2);
      error(words[0], words[1] + not(get(fields, words[0])));
      return Reach.NONE;
    }
  }

  private String feeder(Map<String, String> fields) {
    String text = get(fields, "feeder");
    if (!text.isEmpty() && !NAME.matcher(text).matches()) {
      error("feeder", "has 1 to 64 letters, digits and . _ - only" + not(text));
      return "";
    }
    return text;
  }

  /** A point on P-256 that Java takes, written in the one way. */
  private byte[] receiptKey(Map<String, String> fields) {
    String text = get(fields, "receipt_key");
    if (text.isEmpty()) {
      return new byte[0];
    }
    try {
      byte[] spki = Base64.getDecoder().decode(text);
      return P256.publicKey(spki).getEncoded();
    } catch (IllegalArgumentException | CommandException e) {
      error("receipt_key", "is the SubjectPublicKeyInfo of a key on P-256, in base64");
      return new byte[0];
    }
  }

  private Signing signing(Map<String, String> fields) {
    String text = get(fields, "signing").toLowerCase(Locale.ROOT);
    return switch (text) {
      case "", "cose" -> Signing.COSE;
      case "dlms" -> Signing.DLMS;
      default -> {
        error("signing", "is cose or dlms" + not(text));
        yield Signing.COSE;
      }
    };
  }

  /** What general-signing needs of a meter that has its operators' signatures checked by it. */
  private void signed(
      MeterId id,
      String serial,
      byte[] title,
      ShippedKey authentication,
      byte[] receiptKey,
      ShippedKey seal) {
    if (title.length == 0) {
      error("system_title", "is needed under signing dlms: requests are addressed to it");
    } else if (!id.value().equals(serial)) {
      error(
          "meter_id",
          "is the serial under signing dlms, or left out: operators sign the name that the meter"
              + " calls itself");
    } else if (receiptKey.length == 0) {
      error("receipt_key", "is needed under signing dlms: with it the meter signs its answers");
    } else if (authentication instanceof ShippedKey.None) {
      error("gak", "is needed under signing dlms: requests are carried authenticated");
    } else if (!(seal instanceof ShippedKey.None)) {
      error("seal", "is for a meter with a command desk, and is left out under signing dlms");
    }
  }

  private ShippedKey key(Map<String, String> fields, String field) {
    String text = get(fields, field);
    if (text.isEmpty()) {
      return new ShippedKey.None();
    }
    if (text.regionMatches(true, 0, "plain:", 0, 6)) {
      return plain(field, text.substring(6));
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      error(field, "is not base64; wrap the key to the office's public key with RSA-OAEP-SHA256");
      return new ShippedKey.None();
    }
    if (bytes.length != rules.wrappedLength()) {
      error(
          field,
          "a key wrapped to this office has "
              + rules.wrappedLength()
              + " bytes, not "
              + bytes.length
              + "; wrap it to the public key that 'GET /office-key' gives");
      return new ShippedKey.None();
    }
    return new ShippedKey.Wrapped(bytes);
  }

  private ShippedKey plain(String field, String hex) {
    if (!rules.plainKeys()) {
      error(
          field,
          "a key in the clear is taken in the demo only; wrap it to the office's public key, and"
              + " treat this one as disclosed");
      return new ShippedKey.None();
    }
    if (!HEX_KEY.matcher(hex).matches()) {
      error(field, "plain: is followed by 32 or 64 hexadecimal digits");
      return new ShippedKey.None();
    }
    if (field.equals("seal") && hex.length() != 64) {
      error(field, "plain: is followed by 64 hexadecimal digits here");
      return new ShippedKey.None();
    }
    byte[] bytes = HexFormat.of().parseHex(hex);
    Secret key = new Secret(bytes);
    Arrays.fill(bytes, (byte) 0);
    return new ShippedKey.Plain(key);
  }

  private void needed(
      PushPolicy policy,
      byte[] title,
      ShippedKey guek,
      ShippedKey gak,
      ShippedKey gbek,
      ShippedKey message) {
    boolean keyed = !(guek instanceof ShippedKey.None);
    // one that sends secured messages alone needs no keys of DLMS
    boolean dlms = keyed || message instanceof ShippedKey.None;
    if (policy != PushPolicy.PLAIN && dlms) {
      need(keyed, "guek", policy);
      need(title.length != 0, "system_title", policy);
    }
    if (policy == PushPolicy.AUTHENTICATED && dlms) {
      need(!(gak instanceof ShippedKey.None), "gak", policy);
    }
    if (!keyed && !(gak instanceof ShippedKey.None && gbek instanceof ShippedKey.None)) {
      error("guek", "is missing although another key is there");
    }
  }

  private void need(boolean there, String field, PushPolicy policy) {
    if (!there && fine) {
      error(field, "is needed under push_policy " + policy.name().toLowerCase(Locale.ROOT));
    }
  }

  /** As stated, or from the wrapped keys themselves: another key has another id. */
  private byte[] keyId(Map<String, String> fields) {
    String text = get(fields, "key_id");
    // a meter without DLMS keys has its seal's, or its messages'
    String guek =
        Stream.of("guek", "seal", "message")
            .map(field -> get(fields, field))
            .filter(key -> !key.isEmpty())
            .findFirst()
            .orElse("");
    if (guek.isEmpty()) {
      return new byte[0];
    }
    if (text.isEmpty()) {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(guek.getBytes(StandardCharsets.UTF_8));
        digest.update(get(fields, "gak").getBytes(StandardCharsets.UTF_8));
        return Arrays.copyOf(digest.digest(), 8);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("SHA-256 is missing in this Java", e);
      }
    }
    if (!KEY_ID.matcher(text).matches()) {
      error("key_id", "has 1 to 16 letters, digits and . _ : -" + not(text));
      return new byte[0];
    }
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void once(MeterId id, byte[] title) {
    if (!fine) {
      return;
    }
    Integer before = ids.putIfAbsent(id, line);
    if (before != null) {
      error("serial", "meter " + id + " stands in line " + before + " already");
    } else if (title.length != 0) {
      before = titles.putIfAbsent(HexFormat.of().formatHex(title), line);
      if (before != null) {
        error("system_title", "stands in line " + before + " already");
      }
    }
  }

  private String name(Map<String, String> fields, String field, Pattern pattern, String otherwise) {
    String text = get(fields, field);
    if (text.isEmpty()) {
      error(field, "is missing");
      return otherwise;
    }
    if (!pattern.matcher(text).matches()) {
      error(field, "has 1 to 64 letters, digits and . _ - only" + not(text));
      return otherwise;
    }
    return text;
  }

  private static String get(Map<String, String> fields, String field) {
    return fields.getOrDefault(field, "").strip();
  }

  private static String not(String text) {
    if (text.isEmpty()) {
      return ", and is missing";
    }
    boolean show = text.length() <= SHORT && text.chars().allMatch(c -> c >= ' ' && c != 127);
    return show ? ", not '" + text + "'" : ", not " + text.length() + " other characters";
  }

  private void error(String field, String error) {
    fine = false;
    tell(line, field, error);
  }

  private void tell(int at, String field, String error) {
    if (errors.size() < rules.maxErrors()) {
      errors.add(new ShipmentError(at, field, error));
    }
  }
}
