package org.gridwarden.message.senml;

import org.gridwarden.cosem.ObisCode;
import org.gridwarden.message.MessageException;

/** OBIS codes as SenML names, in letters that names may have: {@code 1.8.0}. Pure functions. */
final class ObisNames {
  private static final int ANY = 255;

  private ObisNames() {}

  /** The shortest form: without {@code 1-0:} and without an F of 255. */
  static String of(ObisCode code) {
    StringBuilder out = new StringBuilder(24);
    if (code.a() != 1 || code.b() != 0) {
      out.append(code.a()).append('-').append(code.b()).append(':');
    }
    out.append(code.c()).append('.').append(code.d()).append('.').append(code.e());
    if (code.f() != ANY) {
      out.append('.').append(code.f());
    }
    return out.toString();
  }

  /**
   * The code that a name is.
   *
   * @throws MessageException where it is none
   */
  static ObisCode parse(String name) throws MessageException {
    try {
      return ObisCode.parse(name);
    } catch (IllegalArgumentException e) {
      throw MessageException.malformed("a name is no OBIS code");
    }
  }
}
