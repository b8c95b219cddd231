package org.gridwarden.mdm.proof;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** A place in a file from outside, and what is expected to stand there. */
record Place(String where, JsonNode node) {
  private static final Pattern AMOUNT = Pattern.compile("-?[0-9]{1,30}(\\.[0-9]{1,20})?");

  /** The member of this name, which has to be there. */
  Place at(String name) throws ProofException {
    JsonNode member = node.get(name);
    if (member == null) {
      throw new ProofException(where, "'" + name + "' is missing");
    }
    return new Place(where.isEmpty() ? name : where + "." + name, member);
  }

  boolean has(String name) {
    return node.get(name) != null;
  }

  Place object() throws ProofException {
    if (!node.isObject()) {
      throw new ProofException(where, "an object is expected");
    }
    return this;
  }

  /** The elements of a list that has at most so many. */
  List<Place> list(int most) throws ProofException {
    if (!node.isArray() || node.size() > most) {
      throw new ProofException(where, "a list of at most " + most + " is expected");
    }
    List<Place> parts = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      parts.add(new Place(where + "[" + i + "]", node.get(i)));
    }
    return parts;
  }

  String text(int longest) throws ProofException {
    if (!node.isString() || node.stringValue().length() > longest) {
      throw new ProofException(where, "a text of at most " + longest + " characters is expected");
    }
    return node.stringValue();
  }

  String text() throws ProofException {
    return text(1_000);
  }

  long number(long least, long most) throws ProofException {
    if (!node.isIntegralNumber()
        || !node.canConvertToLong()
        || node.longValue() < least
        || node.longValue() > most) {
      throw new ProofException(where, "a number of " + least + " to " + most + " is expected");
    }
    return node.longValue();
  }

  int integer(int least, int most) throws ProofException {
    return (int) number(least, most);
  }

  LocalDate date() throws ProofException {
    try {
      LocalDate date = LocalDate.parse(text(10));
      if (date.getYear() >= 1970 && date.getYear() < 10_000) {
        return date;
      }
    } catch (DateTimeException e) {
      // said below
    }
    throw new ProofException(where, "a date such as 2026-10-01 is expected");
  }

  Instant instant() throws ProofException {
    try {
      Instant at = Instant.parse(text(40));
      if (at.getEpochSecond() >= -86_400 && at.getEpochSecond() < 253_402_300_800L) {
        return at;
      }
    } catch (DateTimeException e) {
      // said below
    }
    throw new ProofException(where, "an instant such as 2026-10-01T00:00:00Z is expected");
  }

  /** An exact decimal, as a string. */
  BigDecimal decimal() throws ProofException {
    String text = text(60);
    if (!AMOUNT.matcher(text).matches()) {
      throw new ProofException(where, "a decimal as a text is expected, \"12.50\" say");
    }
    return new BigDecimal(text);
  }

  boolean flag() throws ProofException {
    if (!node.isBoolean()) {
      throw new ProofException(where, "true or false is expected");
    }
    return node.booleanValue();
  }

  /** Bytes in hex. */
  byte[] hex(int length) throws ProofException {
    String text = text(2 * length);
    try {
      byte[] bytes = java.util.HexFormat.of().parseHex(text);
      if (bytes.length == length) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new ProofException(where, length + " bytes in hex are expected");
  }
}
