package org.gridwarden.simulator.thirdparty;

import org.gridwarden.dlms.objects.CosemObject;
import org.gridwarden.dlms.objects.Rights;

/** What an operator's signature is good for at this meter: its breaker, its limiter, its clock. */
enum OperatorRights implements Rights {
  INSTANCE;

  private static final int CLOCK = 8;
  private static final int DISCONNECT_CONTROL = 70;
  private static final int LIMITER = 71;

  @Override
  public boolean reads(CosemObject object, int attribute) {
    return true;
  }

  @Override
  public boolean writes(CosemObject object, int attribute) {
    return switch (object.identity().classId()) {
      case CLOCK, DISCONNECT_CONTROL, LIMITER -> true;
      default -> false;
    };
  }

  @Override
  public boolean invokes(CosemObject object, int method) {
    return object.identity().classId() == DISCONNECT_CONTROL;
  }
}
