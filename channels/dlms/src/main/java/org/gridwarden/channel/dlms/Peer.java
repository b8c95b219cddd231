package org.gridwarden.channel.dlms;

import java.util.Optional;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.TransportPeer;
import org.gridwarden.dlms.LinkInfo;

/** Who sends pushes: a connection, a datagram's source, a serial line. */
interface Peer {
  /** For messages to a person. */
  String name();

  /** Who the transport says it is; empty where it says nothing. */
  default Optional<TransportPeer> shown() {
    return Optional.empty();
  }

  /** What stands behind all that comes from it, before any of it is opened. */
  default Assurance carried() {
    return Assurance.NONE;
  }

  /**
   * A push was authentic: the peer speaks for this meter.
   *
   * @param link between whom the push went
   * @return false where that meter holds too many connections
   */
  boolean proven(MeterId meter, LinkInfo link);

  /** A push is to be handed to intake: waits while too many are under way. */
  void begin() throws InterruptedException;

  /** It has been answered, one way or another. Called from any thread. */
  void end();

  /** Whether there is a way back. */
  boolean answers(LinkInfo link);

  /** Sends an APDU back the way it came. Called from any thread; failure is the peer's loss. */
  void reply(LinkInfo link, byte[] apdu);
}
