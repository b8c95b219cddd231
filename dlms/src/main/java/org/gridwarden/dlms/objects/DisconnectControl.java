package org.gridwarden.dlms.objects;

import java.util.function.Consumer;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData;

/**
 * Disconnect control (class 70, version 0, IEC 62056-6-2 clause 4.5.8): the switch between supply
 * and premises. Who may move it to which state is the control mode's business:
 *
 * <pre>
 * mode  disconnection                         reconnection
 * 0     never: always connected
 * 1     remote b c, manual f, local g         remote d, manual e
 * 2     remote b c, manual f, local g         remote a, manual e
 * 3     remote b c, local g                   remote d, manual e
 * 4     remote b c, local g                   remote a, manual e
 * 5     remote b c, manual f, local g         remote d, manual e, local h
 * 6     remote b c, local g                   remote d, manual e, local h
 *
 * a  remote reconnect    disconnected to connected
 * b  remote disconnect   connected to disconnected
 * c  remote disconnect   ready for reconnection to disconnected
 * d  remote reconnect    disconnected to ready for reconnection
 * e  manual reconnect    ready for reconnection to connected
 * f  manual disconnect   connected to ready for reconnection
 * g  local disconnect    connected to ready for reconnection
 * h  local reconnect     ready for reconnection to connected
 * </pre>
 *
 * <p>What leads where the switch already is succeeds and changes nothing, so that a command may be
 * sent again; what the mode does not have is refused (other reason). Thread-safe: one lock guards
 * the state, and the switch is told within it, so that it hears of changes in their order.
 */
public final class DisconnectControl extends InterfaceObject {
  /** control_state. */
  public enum State {
    DISCONNECTED(0),
    CONNECTED(1),
    /** No current flows, but a hand (or in modes 5 and 6 the meter) may reconnect. */
    READY_FOR_RECONNECTION(2);

    private final int code;

    State(int code) {
      this.code = code;
    }

    /** As an attribute says it. */
    public int code() {
      return code;
    }
  }

  private static final int MODES = 7;
  private static final int REMOTE_ONLY = 4;

  private static final InterfaceClass<DisconnectControl> CLASS =
      new InterfaceClass<DisconnectControl>(70, 0, 4, 2)
          .attribute(2, d -> new DlmsData.Bool(d.state() == State.CONNECTED))
          .attribute(3, d -> new DlmsData.Enumerated(d.state().code))
          .attribute(
              4,
              d -> new DlmsData.Enumerated(d.mode()),
              (d, v) -> d.mode(Values.enumerated(v, 0, MODES - 1)))
          .plainMethod(1, d -> d.refuseUnless(d.remoteDisconnect()))
          .plainMethod(2, d -> d.refuseUnless(d.remoteReconnect()));

  private final Consumer<Boolean> output;
  private int mode;
  private State state;

  /**
   * Connected, in mode 4.
   *
   * @param output told of each change: whether the premises have current
   */
  public DisconnectControl(ObisCode logicalName, Consumer<Boolean> output) {
    this(logicalName, REMOTE_ONLY, State.CONNECTED, output);
  }

  /**
   * As it stands.
   *
   * @param mode 0 to 6
   * @throws IllegalArgumentException outside the range, or in mode 0 where it is not connected
   */
  public DisconnectControl(ObisCode logicalName, int mode, State state, Consumer<Boolean> output) {
    super(CLASS, logicalName);
    if (mode < 0 || mode >= MODES || (mode == 0 && state != State.CONNECTED)) {
      throw new IllegalArgumentException("control mode " + mode + ", " + state);
    }
    this.output = output;
    this.mode = mode;
    this.state = state;
  }

  /** Where it stands. */
  public synchronized State state() {
    return state;
  }

  /** The control mode, 0 to 6. */
  public synchronized int mode() {
    return mode;
  }

  /** In mode 0 it is always connected, thus connects when that is set. */
  private synchronized void mode(int changed) {
    mode = changed;
    if (mode == 0) {
      move(State.CONNECTED);
    }
  }

  /**
   * As the method remote_disconnect.
   *
   * @return whether the mode has it; all of these
   */
  public synchronized boolean remoteDisconnect() {
    return mode != 0 && move(State.DISCONNECTED);
  }

  /** As the method remote_reconnect; in modes 1, 3, 5 and 6 a hand or the meter must follow. */
  public synchronized boolean remoteReconnect() {
    return switch (mode) {
      case 0 -> true;
      // a: straight to connected, but not out of what a hand or the meter opened
      case 2, 4 -> state != State.READY_FOR_RECONNECTION && move(State.CONNECTED);
      // d
      default -> state != State.DISCONNECTED || move(State.READY_FOR_RECONNECTION);
    };
  }

  /** A hand on the meter disconnects: modes 1, 2 and 5. */
  public synchronized boolean manualDisconnect() {
    return switch (mode) {
      case 1, 2, 5 -> open();
      default -> false;
    };
  }

  /** A hand on the meter reconnects: all modes, if it is ready for that. */
  public synchronized boolean manualReconnect() {
    return close();
  }

  /** The meter itself disconnects, as a limiter does: all modes but 0. */
  public synchronized boolean localDisconnect() {
    return mode != 0 && open();
  }

  /** The meter itself reconnects: modes 5 and 6, if it is ready for that. */
  public synchronized boolean localReconnect() {
    return switch (mode) {
      case 5, 6 -> close();
      default -> state == State.CONNECTED;
    };
  }

  /** f, g: only what is connected becomes ready for reconnection. */
  private boolean open() {
    return state != State.CONNECTED || move(State.READY_FOR_RECONNECTION);
  }

  /** e, h. */
  private boolean close() {
    return state != State.DISCONNECTED && move(State.CONNECTED);
  }

  private boolean move(State to) {
    boolean before = state == State.CONNECTED;
    state = to;
    boolean after = to == State.CONNECTED;
    if (before != after) {
      output.accept(after);
    }
    return true;
  }

  private void refuseUnless(boolean possible) throws Refusal {
    if (!possible) {
      throw Refusal.value();
    }
  }
}
