package org.gridwarden.channel.dlms;

import java.util.Arrays;
import org.gridwarden.core.KeyAccess;
import org.gridwarden.dlms.DlmsKeys;

/** Turns lent keys into what the DLMS stack takes; the copies on the way are wiped. */
final class MeterKeys {
  private MeterKeys() {}

  /** To be closed by the caller. */
  static DlmsKeys of(KeyAccess.KeySet set) {
    byte[] encryption = set.encryption().copy();
    byte[] authentication = set.authentication().copy();
    try {
      return DlmsKeys.of(encryption, authentication);
    } finally {
      Arrays.fill(encryption, (byte) 0);
      Arrays.fill(authentication, (byte) 0);
    }
  }
}
