package org.gridwarden.simulator.thirdparty;

import java.nio.file.Path;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.gridwarden.dlms.thirdparty.Signatories;
import org.gridwarden.security.command.TrustFolder;
import org.gridwarden.security.thirdparty.OperatorTitle;

/**
 * Operators whose public keys a fitter put into the meter, by the titles that follow from the keys.
 * Looked at anew for each request; thread-safe.
 */
final class TrustedOperators implements Signatories {
  private final TrustFolder folder;

  TrustedOperators(Path folder) {
    this.folder = new TrustFolder(folder);
  }

  @Override
  public Optional<ECPublicKey> key(byte[] title) {
    List<byte[]> ids =
        folder.ids().stream().filter(id -> Arrays.equals(OperatorTitle.of(id), title)).toList();
    return ids.size() == 1 // two keys of one title are nobody's
        ? folder.apply(ids.getFirst()).flatMap(TrustedOperators::curve)
        : Optional.empty();
  }

  private static Optional<ECPublicKey> curve(PublicKey key) {
    return key instanceof ECPublicKey ec ? Optional.of(ec) : Optional.empty();
  }
}
