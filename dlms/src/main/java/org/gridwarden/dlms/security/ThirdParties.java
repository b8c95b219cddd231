package org.gridwarden.dlms.security;

import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.GeneralSigning;

/**
 * Whose signed requests a meter takes although they are not its client's: those of third parties,
 * which the client carries under its own protection (IEC 62056-5-3, clause 9.2.7.2.5). Thread-safe.
 */
public interface ThirdParties {
  /**
   * Lets a request in, once: from here on it came before.
   *
   * @throws DlmsException where it is not let in: nothing of it may be done
   */
  void admit(GeneralSigning request) throws DlmsException;

  /** The time that stands in the answer. */
  CosemDateTime now();
}
