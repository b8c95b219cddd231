package org.gridwarden.dlms.client;

/** The meter does not open an association, or refuses a service as such. */
public final class AssociationRefused extends Exception {
  private static final long serialVersionUID = 1L;

  AssociationRefused(String why) {
    super(why, null, false, false);
  }
}
