package org.gridwarden.security.thirdparty;

import java.util.Arrays;
import org.gridwarden.security.command.Signed;

/**
 * The system title by which an operator's key is known to meters: the letters GWO and the first
 * five bytes of the key's id. So it is said by the key itself, and nobody has to hand it out. Pure
 * functions.
 */
public final class OperatorTitle {
  /** How long it is, in bytes. */
  public static final int LENGTH = 8;

  /** Where a maker's three letters stand in other titles. */
  private static final byte[] LETTERS = {'G', 'W', 'O'};

  private OperatorTitle() {}

  /**
   * The title of a key.
   *
   * @param keyId as {@link Signed#keyId}
   */
  public static byte[] of(byte[] keyId) {
    if (keyId.length != Signed.KEY_ID) {
      throw new IllegalArgumentException("a key's id has 8 bytes, not " + keyId.length);
    }
    byte[] title = Arrays.copyOf(LETTERS, LENGTH);
    System.arraycopy(keyId, 0, title, LETTERS.length, LENGTH - LETTERS.length);
    return title;
  }

  /** With what the id of the key begins that a title stands for: 5 bytes. */
  public static byte[] keyIdBeginning(byte[] title) {
    return Arrays.copyOfRange(title, LETTERS.length, LENGTH);
  }
}
