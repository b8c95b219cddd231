package org.gridwarden.security.dtls;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.eclipse.californium.elements.PrincipalEndpointContextMatcher;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ResumptionSupportingConnectionStore;

/** The library's connector, from which one connection can be taken. */
final class OpenConnector extends DTLSConnector {
  private final ResumptionSupportingConnectionStore store;

  OpenConnector(DtlsConnectorConfig config) {
    this(config, createConnectionStore(config));
  }

  private OpenConnector(DtlsConnectorConfig config, ResumptionSupportingConnectionStore store) {
    super(config, store);
    this.store = store;
    setEndpointContextMatcher(new PrincipalEndpointContextMatcher());
  }

  /** The connection that is there. */
  Optional<Connection> at(InetSocketAddress address) {
    return Optional.ofNullable(store.get(address));
  }

  /** Forgets a connection, whether its handshake is done or not. */
  void forget(Connection connection) {
    store.remove(connection, true);
  }
}
