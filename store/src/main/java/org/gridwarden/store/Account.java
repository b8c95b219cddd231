package org.gridwarden.store;

import java.time.Instant;
import java.util.Optional;

/**
 * Somebody whom the office supplies and bills.
 *
 * @param id its number; tells nothing of the person, and stays when they are erased
 * @param holder who that is
 * @param status how far it is
 * @param opened when
 * @param closed when; empty while it is open
 */
public record Account(
    String id, Holder holder, Status status, Instant opened, Optional<Instant> closed) {
  /** What an account's number looks like. */
  public static final String ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,31}";

  /** How far an account is. */
  public enum Status {
    /** In use. */
    OPEN,
    /** Supplied no more; it can still be billed for what was. */
    CLOSED,
    /** Nobody knows any more whose it was (C33). */
    ERASED
  }

  /**
   * An account's person or company: personal data.
   *
   * @param name 1 to 200 characters
   * @param street with the house's number
   * @param city with its postal code
   * @param email may be empty
   * @param phone may be empty
   * @param language in which they are written to, such as de or fr-CH
   */
  public record Holder(
      String name, String street, String city, String email, String phone, String language) {
    /**
     * @throws IllegalArgumentException naming what is wrong and how it is meant
     */
    public Holder {
      name = line("name", name, 200);
      street = line("street", street, 200);
      city = line("city", city, 200);
      email = line("email", email, 254);
      phone = line("phone", phone, 40);
      if (name.isEmpty()) {
        throw new IllegalArgumentException("name has 1 to 200 characters");
      }
      if (!email.isEmpty() && !email.matches("[^@\\s]+@[^@\\s]+")) {
        throw new IllegalArgumentException(
            "email is an address such as anna@example.org, or empty");
      }
      if (!language.matches("[a-z]{2,3}(-[A-Z]{2})?")) {
        throw new IllegalArgumentException("language is a tag such as de or fr-CH");
      }
    }

    private static String line(String name, String value, int most) {
      String given = value.strip();
      if (given.length() > most || given.chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException(
            name + " has at most " + most + " characters, on a line");
      }
      return given;
    }

    /** Says nothing of whom. */
    @Override
    public String toString() {
      return "Holder[...]";
    }
  }
}
