package org.gridwarden.dlms;

import java.util.Map;
import java.util.OptionalInt;

/**
 * Where a class's methods stand among an object's short names: each class's table in the Blue Book
 * (IEC 62056-6-2, clause 4) says it. Attribute k stands at 8 * (k - 1) in every class. Pure
 * functions; thread-safe.
 */
public final class MethodNames {
  /** The base name of the current association (IEC 62056-6-2, clause 4.1.3). */
  public static final int CURRENT_ASSOCIATION = 0xFA00;

  /** From one attribute or method to the next. */
  public static final int STEP = 8;

  /** By class id: the first method's distance from the base name. */
  private static final Map<Integer, Integer> FIRST =
      Map.ofEntries(
          Map.entry(3, 0x28), // Register: reset
          Map.entry(4, 0x38), // Extended register: reset
          Map.entry(5, 0x48), // Demand register: reset, next_period
          Map.entry(6, 0x30), // Register activation: add_register, add_mask, delete_mask
          Map.entry(7, 0x58), // Profile generic: reset, capture
          Map.entry(8, 0x60), // Clock: adjust_to_quarter to shift_time
          Map.entry(9, 0x20), // Script table: execute
          Map.entry(10, 0x20), // Schedule: enable/disable, insert, delete
          Map.entry(11, 0x10), // Special days table: insert, delete
          Map.entry(12, 0x20), // Association SN
          Map.entry(15, 0x60), // Association LN
          Map.entry(17, 0x20), // SAP assignment: connect_logical_device
          Map.entry(18, 0x40), // Image transfer: initiate, block_transfer, verify, activate
          Map.entry(20, 0x50), // Activity calendar: activate_passive_calendar
          Map.entry(29, 0x38), // Auto connect: connect
          Map.entry(40, 0x38), // Push setup: push
          Map.entry(42, 0x60), // IPv4 setup: add, delete, get number of multicast addresses
          Map.entry(48, 0x60), // IPv6 setup: add, remove address
          Map.entry(61, 0x28), // Register table: reset, capture
          Map.entry(62, 0x30), // Compact data: reset, capture
          Map.entry(64, 0x30), // Security setup: activate, key_transfer, …
          Map.entry(70, 0x20), // Disconnect control: remote_disconnect, remote_reconnect
          Map.entry(72, 0x60), // M-Bus client: slave_install to transfer_key
          Map.entry(111, 0x98), // Account: activate, close, reset
          Map.entry(112, 0x58), // Credit: update_amount, set_amount_to_value, invoke_credit
          Map.entry(113, 0x68), // Charge: update_unit_charge to set_total_amount_remaining
          Map.entry(115, 0x30)); // Token gateway: enter

  private static final int ASSOCIATION_SN = 12;

  private MethodNames() {}

  /**
   * A method's distance from its object's base name.
   *
   * @param method from 1
   * @param attributes how many the object has: no method stands among them; 0 where it is not known
   * @return empty where the class has no methods by short name here
   */
  public static OptionalInt offset(int classId, int method, int attributes) {
    Integer first = FIRST.get(classId);
    if (first == null || method < 1) {
      return OptionalInt.empty();
    }
    // user_list and current_user of the association stand where its first methods, reserved, would
    int before = classId == ASSOCIATION_SN ? 0 : attributes * STEP;
    return OptionalInt.of(Math.max(first, before) + (method - 1) * STEP);
  }

  /**
   * Whether a method returns something, and is read with its parameters rather than written: the
   * association's reply_to_HLS_authentication, the key agreement, certificate and token methods.
   */
  public static boolean returns(int classId, int method) {
    return switch (classId) {
      case 12 -> method == 8;
      case 15 -> method == 1;
      case 64 -> method == 3 || method == 5 || method == 7;
      case 115 -> method == 1;
      default -> false;
    };
  }
}
