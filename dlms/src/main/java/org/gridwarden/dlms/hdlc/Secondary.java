package org.gridwarden.dlms.hdlc;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.HdlcFrame;
import org.gridwarden.dlms.Llc;

/**
 * A meter's end of the connection with one client (IEC 62056-46, clause 6.4.4: a secondary station
 * in normal response mode or disconnected), without a clock. Whatever comes in whatever state, what
 * it holds is bounded: while more than {@link #MOST_BACKLOG} bytes of answers wait for the client's
 * acknowledgement no further question is taken. Not thread-safe.
 */
final class Secondary {
  private static final int MOST_BACKLOG = 64 * 1024;

  /** In which state the connection is. */
  sealed interface State {
    /** There is none: normal disconnected mode. */
    record Disconnected() implements State {}

    /** Normal response mode. */
    record Connected(Transfer transfer, ApduService service, HdlcParameters agreed)
        implements State {}

    /** A frame came that repeating would not mend; only SNRM and DISC help. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Rejecting(byte[] information) implements State {}
  }

  private final Ends ends;
  private final HdlcSettings settings;
  private final Supplier<Optional<ApduService>> services;
  private State state = new State.Disconnected();
  private boolean polled;
  private boolean peerBusy;

  /**
   * @param ends the client's address and the meter's
   * @param services asked anew for each connection
   */
  Secondary(Ends ends, HdlcSettings settings, Supplier<Optional<ApduService>> services) {
    this.ends = ends;
    this.settings = settings;
    this.services = services;
  }

  boolean isDisconnected() {
    return state instanceof State.Disconnected;
  }

  /** Takes a frame from the client; what must be said at once is written. */
  void hear(HdlcFrame frame, ByteArrayOutputStream out) {
    Control control = Control.of(frame.control());
    if (control instanceof Control.Unnumbered(Control.Type type, boolean _)) {
      if (type == Control.Type.SNRM) {
        polled = false;
        connect(frame, out);
        return;
      }
      if (type == Control.Type.DISC) {
        polled = false;
        Control.Type answer = isDisconnected() ? Control.Type.DM : Control.Type.UA;
        state = new State.Disconnected();
        out.writeBytes(ends.frame(answer.with(true)));
        return;
      }
    }
    if (state instanceof State.Connected connected) {
      hear(connected, control, frame);
    }
    polled |= control.poll();
  }

  /** Opens a connection, or the same again: what was before is forgotten (clause 6.4.4.4.3.1). */
  private void connect(HdlcFrame frame, ByteArrayOutputStream out) {
    state = new State.Disconnected();
    peerBusy = false;
    Optional<ApduService> service = services.get();
    try {
      if (service.isPresent()) {
        HdlcParameters agreed =
            settings.offered().against(HdlcParameters.decode(frame.information()));
        state =
            new State.Connected(
                new Transfer(ends, agreed, settings.maxApdu()), service.get(), agreed);
        out.writeBytes(ends.frame(Control.Type.UA.with(true), agreed.encode()));
        return;
      }
    } catch (DlmsException e) {
      // what asks for less than HDLC's least is not connected
    }
    out.writeBytes(ends.frame(Control.Type.DM.with(true)));
  }

  private void hear(State.Connected connected, Control control, HdlcFrame frame) {
    Transfer transfer = connected.transfer();
    switch (control) {
      case Control.Information(int sent, int received, boolean _) -> {
        if (frame.information().length > connected.agreed().maxReceive()) {
          reject(FrameReject.LENGTH, frame, transfer);
        } else if (!transfer.acknowledge(received)) {
          reject(FrameReject.NUMBER, frame, transfer);
        } else {
          peerBusy = false;
          take(connected, sent, frame);
        }
      }
      case Control.Supervisory(boolean ready, int received, boolean _) -> {
        if (frame.information().length > 0) {
          reject(FrameReject.INFORMATION, frame, transfer);
        } else if (!transfer.acknowledge(received)) {
          reject(FrameReject.NUMBER, frame, transfer);
        } else {
          peerBusy = !ready;
        }
      }
      case Control.Unnumbered(Control.Type type, boolean _) -> {
        if (type == Control.Type.UI) {
          notified(frame);
        } else {
          reject(FrameReject.CONTROL, frame, transfer); // a response, from a client
        }
      }
      case Control.Unknown _ -> reject(FrameReject.CONTROL, frame, transfer);
    }
  }

  private void take(State.Connected connected, int number, HdlcFrame frame) {
    Transfer transfer = connected.transfer();
    if (transfer.backlog() > MOST_BACKLOG) {
      return; // not acknowledged, so it comes again
    }
    switch (transfer.take(number, frame.segmented(), frame.information())) {
      case Transfer.Taken.Apdu(byte[] apdu) -> {
        for (byte[] answer : connected.service().answer(apdu)) {
          transfer.send(Llc.fromMeter(answer));
        }
      }
      case Transfer.Taken.TooLong _ -> reject(FrameReject.LENGTH, frame, transfer);
      case Transfer.Taken.Dropped _, Transfer.Taken.Part _ -> {}
    }
  }

  /**
   * Unnumbered information carries unconfirmed services: whatever might be answered to it is not
   * sent (clause 6.4.3.6).
   */
  void notified(HdlcFrame frame) {
    byte[] information = frame.information();
    if (state instanceof State.Connected connected
        && !frame.segmented()
        && information.length > Llc.LENGTH
        && Llc.at(information, 0, information.length)) {
      List<byte[]> _ =
          connected
              .service()
              .answer(Arrays.copyOfRange(information, Llc.LENGTH, information.length));
    }
  }

  private void reject(FrameReject why, HdlcFrame frame, Transfer transfer) {
    state = new State.Rejecting(why.encode(frame.control(), transfer.next(), transfer.expected()));
  }

  /** The meter's turn, where the client has given it. */
  void turn(ByteArrayOutputStream out) {
    if (!polled) {
      return;
    }
    polled = false;
    switch (state) {
      case State.Disconnected _ -> out.writeBytes(ends.frame(Control.Type.DM.with(true)));
      case State.Rejecting(byte[] information) ->
          out.writeBytes(ends.frame(Control.Type.FRMR.with(true), information));
      case State.Connected connected -> {
        if (peerBusy || !connected.transfer().burst(out)) {
          connected.transfer().supervise(out, true);
        }
      }
    }
  }
}
