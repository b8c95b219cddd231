package org.gridwarden.core;

/**
 * A meter's stable name inside the office, 1 to 64 characters of letters, digits, dot, hyphen,
 * underscore and colon.
 *
 * @param value the text
 */
public record MeterId(String value) implements Comparable<MeterId> {
  /**
   * @throws IllegalArgumentException where the text is empty, too long or holds another character
   */
  public MeterId {
    if (value.isEmpty() || value.length() > 64) {
      throw new IllegalArgumentException(
          "a meter id has 1 to 64 characters, this one has " + value.length());
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean fine = c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
      if (!fine && c != '.' && c != '-' && c != '_' && c != ':') {
        throw new IllegalArgumentException(
            "a meter id is letters, digits and . - _ : only; character " + (i + 1) + " is not");
      }
    }
  }

  @Override
  public int compareTo(MeterId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
