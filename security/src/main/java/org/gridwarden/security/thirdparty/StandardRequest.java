package org.gridwarden.security.thirdparty;

import java.util.Arrays;
import java.util.Optional;
import org.gridwarden.core.Action;

/**
 * The xDLMS request that does what an action says, by the standard's objects: what an operator
 * signs for a meter that has no desk. Written in one way, so that a browser writes the same. Pure
 * functions.
 */
public final class StandardRequest {
  /** invoke-id-and-priority: 1, confirmed, high priority. */
  private static final int INVOKE = 0xC1;

  private static final int NORMAL = 0x01;
  private static final int SET_REQUEST = 0xC1;
  private static final int ACTION_REQUEST = 0xC3;
  private static final int INTEGER = 0x0F;

  private static final int DISCONNECT_CONTROL = 70;
  private static final byte[] BREAKER = {0, 0, 96, 3, 10, (byte) 255};
  private static final int REMOTE_DISCONNECT = 1;
  private static final int REMOTE_RECONNECT = 2;

  private StandardRequest() {}

  /** Whether there is one. */
  public static boolean does(Action action) {
    return of(action).isPresent();
  }

  /**
   * Its bytes: an ACTION-Request-Normal on the disconnect control, or a SET-Request-Normal.
   *
   * @return empty where no single request does it
   */
  public static Optional<byte[]> of(Action action) {
    return switch (action) {
      case Action.Disconnect _ -> Optional.of(breaker(REMOTE_DISCONNECT));
      case Action.Connect _, Action.Arm _ -> Optional.of(breaker(REMOTE_RECONNECT));
      case Action.Configure configure -> set(configure);
      default -> Optional.empty();
    };
  }

  private static byte[] breaker(int method) {
    return new Octets.Out()
        .raw(ACTION_REQUEST, NORMAL, INVOKE)
        .raw(0, DISCONNECT_CONTROL)
        .raw(BREAKER)
        .raw(method, 1, INTEGER, 0) // parameters: integer 0
        .bytes();
  }

  private static Optional<byte[]> set(Action.Configure configure) {
    String[] parts = configure.attribute().split(":", -1);
    int[] groups = Arrays.stream(parts[0].split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
    int classId = Integer.parseInt(parts[1]);
    int attribute = Integer.parseInt(parts[2]);
    if (classId > 0xFFFF || attribute > 0xFF || Arrays.stream(groups).anyMatch(g -> g > 0xFF)) {
      return Optional.empty();
    }
    return Optional.of(
        new Octets.Out()
            .raw(SET_REQUEST, NORMAL, INVOKE)
            .raw(classId >> 8, classId)
            .raw(groups)
            .raw(attribute, 0) // no selection
            .raw(configure.value())
            .bytes());
  }
}
