package org.gridwarden.mdm.proof;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.gridwarden.security.audit.TreeHash;
import org.gridwarden.security.integrity.MeterDay;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A civil day of a meter's channel as the office commits to it: a leaf of the evidence tree.
 * Immutable.
 *
 * @param meter whose
 * @param channel what was measured, as OBIS code
 * @param date which day
 * @param start when its first slot begins
 * @param seconds how long a slot is
 * @param unit of the values, as their symbol
 * @param scaler value = number * 10^scaler
 * @param revision how often the day was committed to, this time among them
 * @param slots all of the day's
 * @param signature what the meter itself signed; empty for most
 * @param salt 16 random bytes in hex, so that a neighbour cannot guess a quiet day; empty while it
 *     is no leaf
 */
public record DayRecord(
    String meter,
    String channel,
    LocalDate date,
    Instant start,
    int seconds,
    String unit,
    int scaler,
    int revision,
    List<SlotRecord> slots,
    Optional<Signature> signature,
    String salt) {
  /** A day of 25 hours in minutes. */
  static final int MOST_SLOTS = 1_500;

  private static final int MARK = 2;

  public DayRecord {
    slots = List.copyOf(slots);
  }

  /**
   * What a meter signed itself.
   *
   * @param signed COSE_Sign1 over {@link MeterDay}, in base64
   * @param certificate the meter's, X.509 in base64; "" where it has none
   * @param key that the office registered the meter with, SubjectPublicKeyInfo in base64; "" where
   *     there is a certificate
   */
  public record Signature(String signed, String certificate, String key) {
    /** By a key that has a certificate. */
    public Signature(String signed, String certificate) {
      this(signed, certificate, "");
    }

    /** By a key that was registered. */
    public static Signature under(String signed, String key) {
      return new Signature(signed, "", key);
    }

    private void write(ObjectNode json) {
      json.put("signed", signed);
      if (key.isEmpty()) {
        json.put("certificate", certificate);
      } else {
        json.put("key", key);
      }
    }

    private static Signature parse(Place at) throws ProofException {
      String signed = at.at("signed").text(8_192);
      return at.has("key")
          ? under(signed, at.at("key").text(1_024))
          : new Signature(signed, at.at("certificate").text(16_384));
    }
  }

  /** When a slot begins. */
  public Instant startOf(int slot) {
    return start.plusSeconds((long) slot * seconds);
  }

  /** The same as a leaf. */
  public DayRecord as(int revision, String salt) {
    return new DayRecord(
        meter, channel, date, start, seconds, unit, scaler, revision, slots, signature, salt);
  }

  /** Its leaf. */
  public TreeHash leaf() {
    return CanonicalJson.leaf(json());
  }

  /** What the meter would sign: of days that the office changed nothing in. */
  Optional<MeterDay> asMeasured() {
    if (slots.stream().anyMatch(s -> s.version() > 0)) {
      return Optional.empty();
    }
    long[] values =
        slots.stream().mapToLong(s -> s.missing() ? Long.MIN_VALUE : s.value()).toArray();
    return Optional.of(
        new MeterDay(meter, channel, start, seconds, unit, scaler, MeterDay.digest(values)));
  }

  /**
   * Two bytes of hash a slot, in hex: not evidence, but they show which slot of a day is not what
   * the leaf was made of.
   */
  public String marks() {
    StringBuilder marks = new StringBuilder(slots.size() * 2 * MARK);
    for (int i = 0; i < slots.size(); i++) {
      marks.append(mark(i));
    }
    return marks.toString();
  }

  /** A slot's mark. */
  String mark(int slot) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(HexFormat.of().parseHex(salt));
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(slot).array());
      byte[] hash = digest.digest(CanonicalJson.of(slots.get(slot).json()));
      return HexFormat.of().formatHex(Arrays.copyOf(hash, MARK));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** As it is hashed. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("type", "day")
        .put("meter", meter)
        .put("channel", channel)
        .put("date", date.toString())
        .put("start", start.toString())
        .put("seconds", seconds)
        .put("unit", unit)
        .put("scaler", scaler)
        .put("revision", revision)
        .put("salt", salt);
    signature.ifPresent(s -> s.write(json));
    ArrayNode list = json.putArray("slots");
    slots.forEach(s -> list.add(s.json()));
    return json;
  }

  static DayRecord parse(Place at) throws ProofException {
    at.object();
    if (!at.at("type").text(16).equals("day")) {
      throw new ProofException(at.where(), "a record of the type day is expected");
    }
    List<SlotRecord> slots = new ArrayList<>();
    for (Place slot : at.at("slots").list(MOST_SLOTS)) {
      slots.add(SlotRecord.parse(slot));
    }
    Optional<Signature> signature =
        at.has("signed") ? Optional.of(Signature.parse(at)) : Optional.empty();
    byte[] salt = at.at("salt").hex(16);
    return new DayRecord(
        at.at("meter").text(128),
        at.at("channel").text(32),
        at.at("date").date(),
        at.at("start").instant(),
        at.at("seconds").integer(60, 86_400),
        at.at("unit").text(16),
        at.at("scaler").integer(-9, 9),
        at.at("revision").integer(1, 1_000_000),
        slots,
        signature,
        HexFormat.of().formatHex(salt));
  }
}
