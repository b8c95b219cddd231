package org.gridwarden.message.senml;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * A SenML record as it stands on the wire, its base fields not laid out yet (RFC 8428, clause 4).
 * Filled by who makes it, and not changed afterwards.
 */
public final class SenmlRecord {
  private final EnumMap<SenmlField, Object> fields = new EnumMap<>(SenmlField.class);

  /** An empty one. */
  public SenmlRecord() {}

  /** Sets a number. */
  public SenmlRecord with(SenmlField field, Decimal number) {
    return set(field, SenmlField.Kind.NUMBER, number);
  }

  /** Sets a whole number. */
  public SenmlRecord with(SenmlField field, long whole) {
    return with(field, Decimal.of(whole));
  }

  /** Sets a text. */
  public SenmlRecord with(SenmlField field, String text) {
    return set(field, SenmlField.Kind.TEXT, text);
  }

  /** Sets a flag. */
  public SenmlRecord with(SenmlField field, boolean flag) {
    return set(field, SenmlField.Kind.FLAG, flag);
  }

  /** Sets bytes, which it copies. */
  public SenmlRecord with(SenmlField field, byte[] data) {
    return set(field, SenmlField.Kind.DATA, data.clone());
  }

  private SenmlRecord set(SenmlField field, SenmlField.Kind kind, Object value) {
    if (field.kind() != kind) {
      throw new IllegalArgumentException(field + " holds " + field.kind() + ", not " + kind);
    }
    fields.put(field, value);
    return this;
  }

  /** Whether it has a field. */
  public boolean has(SenmlField field) {
    return fields.containsKey(field);
  }

  /** A number. */
  public Optional<Decimal> number(SenmlField field) {
    return Optional.ofNullable((Decimal) fields.get(field));
  }

  /** A text. */
  public Optional<String> text(SenmlField field) {
    return Optional.ofNullable((String) fields.get(field));
  }

  /** Bytes, a copy. */
  public Optional<byte[]> data(SenmlField field) {
    return Optional.ofNullable((byte[]) fields.get(field)).map(byte[]::clone);
  }

  /** All fields in the order of {@link SenmlField}. */
  Map<SenmlField, Object> fields() {
    return Collections.unmodifiableMap(fields);
  }
}
