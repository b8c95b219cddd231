package org.gridwarden.security.pseudonym;

/**
 * What stands for a household in analytics: the same as long as the key is, and nobody without the
 * key can say whose it is, nor compute it.
 *
 * @param value 32 hexadecimal digits
 */
public record Pseudonym(String value) implements Comparable<Pseudonym> {
  /**
   * @throws IllegalArgumentException where it is not 32 hexadecimal digits
   */
  public Pseudonym {
    if (!value.matches("[0-9a-f]{32}")) {
      throw new IllegalArgumentException("a pseudonym is 32 hexadecimal digits");
    }
  }

  @Override
  public int compareTo(Pseudonym other) {
    return value.compareTo(other.value);
  }
}
