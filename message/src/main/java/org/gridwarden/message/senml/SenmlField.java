package org.gridwarden.message.senml;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of a SenML record that are understood here: RFC 8428's with their CBOR labels (clause
 * 6), and ours. Ours that end in {@code _} must be understood (clause 4.4): who does not know them
 * has to leave the whole pack.
 */
public enum SenmlField {
  BASE_VERSION("bver", -1, Kind.NUMBER),
  BASE_NAME("bn", -2, Kind.TEXT),
  BASE_TIME("bt", -3, Kind.NUMBER),
  BASE_UNIT("bu", -4, Kind.TEXT),
  BASE_VALUE("bv", -5, Kind.NUMBER),
  BASE_SUM("bs", -6, Kind.NUMBER),
  NAME("n", 0, Kind.TEXT),
  UNIT("u", 1, Kind.TEXT),
  VALUE("v", 2, Kind.NUMBER),
  STRING_VALUE("vs", 3, Kind.TEXT),
  BOOLEAN_VALUE("vb", 4, Kind.FLAG),
  SUM("s", 5, Kind.NUMBER),
  TIME("t", 6, Kind.NUMBER),
  UPDATE_TIME("ut", 7, Kind.NUMBER),
  DATA_VALUE("vd", 8, Kind.DATA),
  /** The quality's flags; absent where good. */
  QUALITY("q_", Kind.NUMBER),
  /** An interval's length in seconds: the value is over it, and the time its start. */
  LENGTH("l_", Kind.NUMBER),
  /**
   * The same for this record and all that follow: of those, one without a time begins where the one
   * before it ended. 0 ends that.
   */
  BASE_LENGTH("bl_", Kind.NUMBER),
  /** The value is a cumulative register at its interval's end; under this name slots are kept. */
  CAPTURE("k_", Kind.TEXT),
  /** Where that register rolls over to zero. */
  MODULUS("m_", Kind.NUMBER),
  /** Here a civil day of slots begins, in this time zone. */
  ZONE("z_", Kind.TEXT),
  /** So many slots it has. */
  COUNT("c_", Kind.NUMBER),
  /** An event's identity. */
  EVENT("id", Kind.DATA),
  /** How bad it is: 0 for information to 3 for critical. */
  SEVERITY("sev", Kind.NUMBER),
  /** How the meter knows: {@code register} or {@code logged}; absent where it happened just now. */
  SOURCE("src", Kind.TEXT),
  /** Until when something is asked for, beside the time from when on. */
  UNTIL("to_", Kind.NUMBER);

  /** What a field holds. */
  enum Kind {
    NUMBER,
    TEXT,
    FLAG,
    DATA
  }

  private static final Map<String, SenmlField> BY_NAME = new HashMap<>();
  private static final Map<String, SenmlField> BY_LABEL = new HashMap<>();

  static {
    for (SenmlField field : values()) {
      BY_NAME.put(field.text, field);
      BY_LABEL.put(field.numbered ? Integer.toString(field.label) : field.text, field);
    }
  }

  private final String text;
  private final int label;
  private final boolean numbered;
  private final Kind kind;

  SenmlField(String text, int label, Kind kind) {
    this.text = text;
    this.label = label;
    this.numbered = true;
    this.kind = kind;
  }

  SenmlField(String text, Kind kind) {
    this.text = text;
    this.label = 0;
    this.numbered = false;
    this.kind = kind;
  }

  /** Its name in JSON. */
  String text() {
    return text;
  }

  /** Whether its CBOR label is a number; its name otherwise. */
  boolean numbered() {
    return numbered;
  }

  /** Its CBOR label, where that is a number. */
  int label() {
    return label;
  }

  Kind kind() {
    return kind;
  }

  static Optional<SenmlField> byName(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** By its CBOR label, a number as text. */
  static Optional<SenmlField> byLabel(String label) {
    return Optional.ofNullable(BY_LABEL.get(label));
  }
}
