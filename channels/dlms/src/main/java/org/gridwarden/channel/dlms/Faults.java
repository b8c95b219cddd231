package org.gridwarden.channel.dlms;

import java.io.IOException;
import java.net.SocketTimeoutException;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Fault;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.client.AssociationRefused;

/** Turns what can go wrong with a meter into core's faults. */
final class Faults {
  private Faults() {}

  /** A part of a conversation. */
  interface Work<T> {
    T run()
        throws IOException,
            DlmsException,
            AssociationRefused,
            ChannelException,
            InterruptedException;
  }

  /**
   * Does a part of a conversation.
   *
   * @param where with whom
   * @throws InterruptedException where the thread was interrupted: its socket is closed by that
   */
  static <T> T guarded(String where, Work<T> work) throws ChannelException, InterruptedException {
    try {
      return work.run();
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw (InterruptedException) new InterruptedException().initCause(e);
      }
      throw fault(
          Fault.Code.TIMEOUT,
          where,
          (e instanceof SocketTimeoutException ? "no answer in time" : "the line broke")
              + ": "
              + e.getMessage(),
          e);
    } catch (AssociationRefused e) {
      throw fault(Fault.Code.FORBIDDEN, where, String.valueOf(e.getMessage()), e);
    } catch (DlmsException e) {
      throw fault(
          switch (e.kind()) {
            case UNAUTHENTICATED -> Fault.Code.UNAUTHENTICATED;
            case NO_KEY -> Fault.Code.FORBIDDEN;
            case MALFORMED, UNSUPPORTED -> Fault.Code.MALFORMED;
          },
          where,
          e.describe(),
          e);
    }
  }

  private static ChannelException fault(
      Fault.Code code, String where, String remedy, Exception cause) {
    return new ChannelException(new Fault(code, where, remedy), cause);
  }
}
