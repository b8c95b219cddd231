package org.gridwarden.simulator;

import org.gridwarden.dlms.objects.CommandDesk;
import org.gridwarden.dlms.objects.CosemObject;
import org.gridwarden.dlms.objects.Rights;

/**
 * What the office may do that has proven to know the meter's keys: read everything, hand in
 * commands at the desk, shift the clock a little, and put a firmware image together that lies there
 * until it is ordered at the desk (C34). The breaker has methods of its own, but nobody may call
 * them: keys alone switch nothing (C9).
 */
final class DeskRights implements Rights {
  static final DeskRights INSTANCE = new DeskRights();
  private static final int CLOCK = 8;
  private static final int SHIFT_TIME = 6;
  private static final int IMAGE_TRANSFER = 18;
  private static final int INITIATE = 1;
  private static final int BLOCK = 2;

  private DeskRights() {}

  @Override
  public boolean reads(CosemObject object, int attribute) {
    return true;
  }

  @Override
  public boolean writes(CosemObject object, int attribute) {
    return false;
  }

  @Override
  public boolean invokes(CosemObject object, int method) {
    return switch (object.identity().classId()) {
      case CommandDesk.CLASS_ID -> method == CommandDesk.TAKE || method == CommandDesk.TRUST;
      case CLOCK -> method == SHIFT_TIME;
      case IMAGE_TRANSFER -> method == INITIATE || method == BLOCK;
      default -> false;
    };
  }
}
