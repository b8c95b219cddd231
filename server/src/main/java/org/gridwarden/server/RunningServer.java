package org.gridwarden.server;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.gridwarden.store.Store;

/** A server that runs. Thread-safe. */
public interface RunningServer extends AutoCloseable {
  /** Where the console and the API are. */
  URI url();

  /** The first administrator's password: at the first start only, and then until it is changed. */
  Optional<String> adminPassword();

  /** SHA-256 of the console's certificate, hex; empty where it speaks plain HTTP. */
  Optional<String> certificateFingerprint();

  /** Where meters push over TCP; 0 where no such listener is configured. */
  int dlmsTcpPort();

  /** Where meters push over UDP; 0 where no such listener is configured. */
  int dlmsUdpPort();

  /** Where meters push by TLS; 0 where no such listener is configured. */
  int dlmsTlsPort();

  /** Where DLMS listens for datagrams under DTLS; 0 where it does not. */
  int dlmsDtlsPort();

  /**
   * Where a listener of any channel is; 0 where there is none.
   *
   * @param channel its section's name, such as {@code mqtt}
   * @param kind its listener's, such as {@code tcp} or {@code dtls}
   */
  int port(String channel, String kind);

  /** Where devices enrol; 0 where that is not configured. */
  int estPort();

  /** Where people with SSH keys come in; 0 where that door is shut. */
  int sshPort();

  /** The data folder. */
  Path data();

  /** The database that it keeps; closed with the server. */
  Store store();

  /** Stops: listeners first, then what is queued is committed, the database last. Idempotent. */
  @Override
  void close();
}
