package org.gridwarden.dlms.hdlc;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.HdlcFrame;
import org.gridwarden.dlms.LinkAddress;
import org.gridwarden.dlms.Llc;

/**
 * The client's end of one connection (IEC 62056-46, clause 6.4.4: the primary station in normal
 * response mode), without a clock: what it would send, and what it makes of what comes. It has the
 * turn unless it awaits an answer; who drives it asks for {@link #turn} then, and for {@link
 * #repeat} where no answer came in time. Not thread-safe.
 */
final class Primary {
  /** More than this many bytes nobody took from {@link #delivered}: the meter floods. */
  private static final int MOST_DELIVERED = 1 << 20;

  /** In which state the connection is. */
  sealed interface State {
    /** Nothing was sent yet. */
    record Idle() implements State {}

    /** SNRM is out. */
    record Connecting() implements State {}

    /** In normal response mode. */
    record Connected(Transfer transfer, HdlcParameters agreed) implements State {}

    /** DISC is out. */
    record Disconnecting() implements State {}

    /** It is over. */
    record Ended(Why why, String text) implements State {}
  }

  /** Why a connection is over. */
  enum Why {
    /** In order: by DISC, or the meter's own doing. */
    CLOSED,
    /** The meter opens none. */
    REFUSED,
    /** The meter says that we break the rules. */
    REJECTED,
    /** The meter breaks the rules. */
    BROKEN
  }

  private final Ends ends;
  private final HdlcSettings settings;
  private final ArrayDeque<byte[]> delivered = new ArrayDeque<>();
  private int deliveredBytes;
  private State state = new State.Idle();
  private boolean awaiting;
  private boolean peerBusy;
  private int fruitless;

  /**
   * @param ends the meter's address and the client's
   */
  Primary(Ends ends, HdlcSettings settings) {
    this.ends = ends;
    this.settings = settings;
  }

  State state() {
    return state;
  }

  /** Whether the meter has the turn. */
  boolean awaiting() {
    return awaiting;
  }

  /** Whether the meter has said that it takes nothing just now. */
  boolean peerBusy() {
    return peerBusy;
  }

  /** How many turns were taken since anything went ahead, either way. */
  int fruitless() {
    return fruitless;
  }

  /** The next APDU that came; each once. */
  Optional<byte[]> delivered() {
    byte[] next = delivered.poll();
    if (next == null) {
      return Optional.empty();
    }
    deliveredBytes -= next.length;
    return Optional.of(next);
  }

  boolean hasDelivered() {
    return !delivered.isEmpty();
  }

  /** Whether frames wait that were never sent. */
  boolean hasUnsent() {
    return state instanceof State.Connected(Transfer transfer, HdlcParameters _)
        && transfer.hasUnsent();
  }

  /** Whether anything waits to be sent or acknowledged. */
  boolean hasOutgoing() {
    return state instanceof State.Connected(Transfer transfer, HdlcParameters _)
        && transfer.backlog() > 0;
  }

  /** Puts an APDU behind what is to be sent. */
  void send(byte[] apdu) {
    if (state instanceof State.Connected(Transfer transfer, HdlcParameters _)) {
      transfer.send(Llc.toMeter(apdu));
      fruitless = 0;
    }
  }

  // --- what is sent

  /** SNRM: with what is offered, unless that is what holds where nothing is said. */
  byte[] connect() {
    state = new State.Connecting();
    awaiting = true;
    HdlcParameters offered = settings.offered();
    return ends.frame(
        Control.Type.SNRM.with(true),
        offered.equals(HdlcParameters.DEFAULT) ? new byte[0] : offered.encode());
  }

  /** DISC. */
  byte[] disconnect() {
    state = new State.Disconnecting();
    awaiting = true;
    return ends.frame(Control.Type.DISC.with(true));
  }

  /** A turn of a connection that is open: information where there is any, else a poll by RR. */
  byte[] turn() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (state instanceof State.Connected(Transfer transfer, HdlcParameters _)) {
      awaiting = true;
      fruitless++;
      if (peerBusy || !transfer.burst(out)) {
        transfer.supervise(out, true);
      }
    }
    return out.toByteArray();
  }

  /**
   * What is sent where no answer came. Where several frames are out, the meter is only asked how
   * many it has (recovery by P/F, clause 6.4.4.4.7); a single one is sent again.
   */
  byte[] repeat() {
    return switch (state) {
      case State.Connecting _ -> connect();
      case State.Disconnecting _ -> disconnect();
      case State.Connected(Transfer transfer, HdlcParameters _)
          when transfer.unacknowledged() > 1 -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        transfer.supervise(out, true);
        yield out.toByteArray();
      }
      case State.Connected _ -> turn();
      case State.Idle _, State.Ended _ -> new byte[0];
    };
  }

  // --- what comes

  /**
   * Takes a frame that came on the line; one that is not for us, or not from our meter, is none.
   */
  void hear(HdlcFrame frame) {
    if (!frame.destination().equals(ends.source()) || !isMeter(frame.source())) {
      return;
    }
    Control control = Control.of(frame.control());
    switch (state) {
      case State.Connecting _ -> whileConnecting(control, frame);
      case State.Connected(Transfer transfer, HdlcParameters _) ->
          whileConnected(transfer, control, frame);
      case State.Disconnecting _ -> {
        if (control instanceof Control.Unnumbered(Control.Type type, boolean _)
            && (type == Control.Type.UA || type == Control.Type.DM)) {
          end(Why.CLOSED, "the connection is closed");
        }
      }
      case State.Idle _, State.Ended _ -> {}
    }
  }

  /** The same parts, however many bytes it takes to say them; who calls any meter hears any. */
  private boolean isMeter(LinkAddress from) {
    LinkAddress meter = ends.destination();
    if (from.bytes() == 0 || from.upper() != meter.upper()) {
      return false;
    }
    return from.lower() == meter.lower() || from.bytes() == 1 || Stations.isCalling(meter);
  }

  private void whileConnecting(Control control, HdlcFrame frame) {
    if (!(control instanceof Control.Unnumbered(Control.Type type, boolean _))) {
      return; // of a connection before this one
    }
    if (type == Control.Type.DM) {
      end(Why.REFUSED, "the meter opens no HDLC connection (DM)");
    } else if (type == Control.Type.UA) {
      try {
        HdlcParameters agreed =
            settings.offered().against(HdlcParameters.decode(frame.information()));
        state = new State.Connected(new Transfer(ends, agreed, settings.maxApdu()), agreed);
        awaiting = false;
        fruitless = 0;
      } catch (DlmsException e) {
        end(Why.BROKEN, e.describe());
      }
    }
  }

  private void whileConnected(Transfer transfer, Control control, HdlcFrame frame) {
    switch (control) {
      case Control.Information(int sent, int received, boolean end) -> {
        if (acknowledged(transfer, received)) {
          peerBusy = false;
          deliver(transfer.take(sent, frame.segmented(), frame.information()));
          awaiting &= !end;
        }
      }
      case Control.Supervisory(boolean ready, int received, boolean end) -> {
        if (acknowledged(transfer, received)) {
          peerBusy = !ready;
          awaiting &= !end;
        }
      }
      case Control.Unnumbered(Control.Type type, boolean end) -> {
        switch (type) {
          case UI -> {
            notified(frame);
            awaiting &= !end;
          }
          case DM -> end(Why.CLOSED, "the meter has ended the connection (DM)");
          case FRMR -> end(Why.REJECTED, FrameReject.describe(frame.information()));
          case UA, SNRM, DISC -> {} // a UA that was late; no meter sends the others
        }
      }
      case Control.Unknown _ -> {}
    }
  }

  private boolean acknowledged(Transfer transfer, int number) {
    int before = transfer.unacknowledged();
    if (!transfer.acknowledge(number)) {
      end(Why.BROKEN, "the meter acknowledges frames that were never sent");
      return false;
    }
    if (transfer.unacknowledged() < before) {
      fruitless = 0;
    }
    return true;
  }

  private void deliver(Transfer.Taken taken) {
    switch (taken) {
      case Transfer.Taken.Dropped _ -> {}
      case Transfer.Taken.Part _ -> fruitless = 0;
      case Transfer.Taken.Apdu(byte[] apdu) -> {
        fruitless = 0;
        add(apdu);
      }
      case Transfer.Taken.TooLong _ ->
          end(Why.BROKEN, "an APDU of more than " + settings.maxApdu() + " bytes comes");
    }
  }

  private void add(byte[] apdu) {
    if (deliveredBytes + apdu.length > MOST_DELIVERED + settings.maxApdu()) {
      end(Why.BROKEN, "the meter sends more than anybody asked for");
      return;
    }
    delivered.add(apdu);
    deliveredBytes += apdu.length;
  }

  /**
   * Unnumbered information: a notification. Segments of such are dropped: without numbers nobody
   * could tell that one was lost.
   */
  private void notified(HdlcFrame frame) {
    byte[] information = frame.information();
    boolean room = deliveredBytes + information.length <= MOST_DELIVERED;
    if (!frame.segmented()
        && room
        && information.length > Llc.LENGTH
        && Llc.at(information, 0, information.length)) {
      add(Arrays.copyOfRange(information, Llc.LENGTH, information.length));
    }
  }

  private void end(Why why, String text) {
    state = new State.Ended(why, text);
    awaiting = false;
  }
}
