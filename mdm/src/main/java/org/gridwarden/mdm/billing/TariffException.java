package org.gridwarden.mdm.billing;

/** A tariff that cannot be used: the message names the place in the file and the remedy. */
public final class TariffException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param where the place in the file, {@code energyratestructure[0][1].max} say
   * @param problem what is wrong there and what would be right
   */
  public TariffException(String where, String problem) {
    super(where + ": " + problem);
  }
}
