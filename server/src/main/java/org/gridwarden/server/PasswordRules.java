package org.gridwarden.server;

import java.util.Locale;
import java.util.Set;
import org.gridwarden.core.Fault;

/**
 * What a password must be (NIST SP 800-63B-4, clause 3.1.1.2: long, and none of the known ones; no
 * rules of composition).
 */
final class PasswordRules {
  private static final int LEAST = 12;
  private static final int MOST = 200;
  private static final int LEAST_DIFFERENT = 5;

  /** What is left of the usual defaults when digits and signs are taken away. */
  private static final Set<String> KNOWN =
      Set.of(
          "",
          "admin",
          "administrator",
          "adminadmin",
          "adminpassword",
          "password",
          "passwort",
          "passwordpassword",
          "default",
          "defaultpassword",
          "changeme",
          "changemenow",
          "changeit",
          "letmein",
          "letmeinplease",
          "welcome",
          "welcometo",
          "secret",
          "topsecret",
          "qwerty",
          "qwertyuiop",
          "qwertyuiopasdf",
          "qwertyqwerty",
          "asdfghjkl",
          "asdfghjklqwerty",
          "iloveyou",
          "gridwarden",
          "gridwardenadmin",
          "gridwardenpassword",
          "smartmeter",
          "operator",
          "guest",
          "test",
          "testtest",
          "testpassword",
          "abcdefghijkl",
          "abcdefghijklm",
          "correcthorsebatterystaple");

  private PasswordRules() {}

  /**
   * @param where the field's name, for the fault
   * @throws FaultException MALFORMED saying what is wrong; it does not repeat the password
   */
  static void check(String where, String user, String password) {
    int length = password.codePointCount(0, password.length());
    if (length < LEAST || length > MOST) {
      throw refused(where, "a password has " + LEAST + " to " + MOST + " characters");
    }
    if (password.codePoints().distinct().count() < LEAST_DIFFERENT) {
      throw refused(where, "a password has at least " + LEAST_DIFFERENT + " different characters");
    }
    String plain = password.toLowerCase(Locale.ROOT);
    String core = plain.replaceAll("^[^\\p{L}]+|[^\\p{L}]+$", "");
    String letters = core.replace('0', 'o').replace('@', 'a').replace('3', 'e').replace('$', 's');
    if (KNOWN.contains(plain.replaceAll("[^\\p{L}]", ""))
        || KNOWN.contains(letters.replaceAll("[^\\p{L}]", ""))) {
      throw refused(where, "this is a known password: choose one that nobody else has");
    }
    String name = user.toLowerCase(Locale.ROOT);
    if (name.length() > 3 && plain.contains(name)) {
      throw refused(where, "a password does not hold the user's name");
    }
  }

  private static FaultException refused(String where, String why) {
    return new FaultException(Fault.Code.MALFORMED, where, why);
  }
}
