package org.gridwarden.message;

import java.time.Duration;
import java.util.stream.Stream;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ClockReading;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.ReadPlan;

/** A session with a meter that speaks by itself and is not read. One thread at a time. */
public abstract class UnaskedSession implements MeterSession {
  private final MeterId meter;
  private final String why;

  /**
   * @param why what is said to who would read it
   */
  protected UnaskedSession(MeterId meter, String why) {
    this.meter = meter;
    this.why = why;
  }

  /** With whom. */
  protected final MeterId meter() {
    return meter;
  }

  /** What is wrong at this meter. */
  protected final ChannelException fault(Fault.Code code, String remedy) {
    return new ChannelException(new Fault(code, "meter " + meter, remedy));
  }

  @Override
  public final Stream<Message> read(ReadPlan plan) throws ChannelException {
    throw fault(Fault.Code.FORBIDDEN, why);
  }

  @Override
  public final ClockReading clock() throws ChannelException {
    throw fault(Fault.Code.FORBIDDEN, why);
  }

  @Override
  public final void shiftClock(Duration by) throws ChannelException {
    throw fault(Fault.Code.FORBIDDEN, why);
  }

  /** The connection is the meter's, or its network's. */
  @Override
  public void close() {}
}
