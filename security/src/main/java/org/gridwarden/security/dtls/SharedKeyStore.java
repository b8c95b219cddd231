package org.gridwarden.security.dtls;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.SecretKey;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedPskStore;
import org.eclipse.californium.scandium.util.SecretUtil;
import org.eclipse.californium.scandium.util.ServerNames;
import org.gridwarden.core.DatagramSecurity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the key of whoever shakes hands with one. In a thread of its own, since keys may have to be
 * fetched and a port's threads serve all: as many at once as there are handshakes under way.
 */
final class SharedKeyStore implements AdvancedPskStore {
  private static final Logger LOG = LoggerFactory.getLogger(SharedKeyStore.class);

  private final DatagramSecurity.SharedKeys keys;
  private volatile Optional<HandshakeResultHandler> handler = Optional.empty();

  SharedKeyStore(DatagramSecurity.SharedKeys keys) {
    this.keys = keys;
  }

  @Override
  public boolean hasEcdhePskSupported() {
    return true;
  }

  @Override
  public @Nullable PskSecretResult requestPskSecretResult(
      ConnectionId cid,
      @Nullable ServerNames server,
      PskPublicInformation identity,
      String hmac,
      @Nullable SecretKey other,
      byte[] seed,
      boolean extendedMasterSecret) {
    Thread.ofVirtual()
        .name("dtls-key")
        .start(() -> handler.ifPresent(h -> h.apply(find(cid, identity))));
    return null; // it comes
  }

  private PskSecretResult find(ConnectionId cid, PskPublicInformation identity) {
    try {
      // what is not written in UTF-8 is nobody's name
      Optional<DatagramSecurity.SharedKey> found =
          identity.isCompliantEncoding()
              ? keys.find(identity.getPublicInfoAsString())
              : Optional.empty();
      if (found.isPresent() && found.get().standing().getAsBoolean()) {
        byte[] raw = found.get().key().copy();
        try {
          return new PskSecretResult(
              cid, identity, SecretUtil.create(raw, PskSecretResult.ALGORITHM_PSK));
        } finally {
          Arrays.fill(raw, (byte) 0);
        }
      }
    } catch (RuntimeException e) {
      LOG.warn("a shared key could not be looked up: {}", e.getMessage());
    }
    return new PskSecretResult(cid, identity, null);
  }

  @Override
  public PskPublicInformation getIdentity(
      @Nullable InetSocketAddress peer, @Nullable ServerNames server) {
    return PskPublicInformation.EMPTY; // a server says none
  }

  @Override
  public void setResultHandler(HandshakeResultHandler value) {
    handler = Optional.ofNullable(value);
  }
}
