package org.gridwarden.dlms;

import java.util.List;
import java.util.Optional;

/**
 * ACCESS: reads, writes and method invocations of one request, done in its order (IEC 62056-5-3,
 * clauses 6.13 and 9.5). Immutable. Their bytes are {@link AccessCodec}'s business.
 */
public sealed interface AccessService extends Service {
  /** The invoke id alone, bits 0 to 23. */
  long INVOKE_ID = 0xFF_FFFFL;

  /** Self-descriptive: the response repeats the request's specification (bit 28). */
  long SELF_DESCRIPTIVE = 0x1000_0000L;

  /** Processing option: what follows the first failure is not done (bit 29). */
  long BREAK_ON_ERROR = 0x2000_0000L;

  /** Service class: an answer is wanted (bit 30). */
  long CONFIRMED = 0x4000_0000L;

  /** Priority: high (bit 31). */
  long HIGH_PRIORITY = 0x8000_0000L;

  /** long-invoke-id-and-priority, 32 bits unsigned. */
  long invokeId();

  /** When it was sent; empty where that is left out. */
  Optional<CosemDateTime> dateTime();

  /** Access-Request-Specification: one thing that is wanted. */
  sealed interface Specification {
    /** Reads an attribute, or a part of it where there is a selection. */
    record Get(Selected what) implements Specification {}

    /** Writes an attribute, or a part of it where there is a selection. */
    record Set(Selected what) implements Specification {}

    /** Invokes a method. */
    record Action(MethodRef method) implements Specification {}

    /** The choice's number in a response: 1 get, 2 set, 3 action. */
    default int kind() {
      return switch (this) {
        case Get _ -> 1;
        case Set _ -> 2;
        case Action _ -> 3;
      };
    }
  }

  /**
   * Access-Request [217].
   *
   * @param specifications what is wanted, in order
   * @param data for each of them a value: null-data for a read, and for a method without parameters
   */
  record Request(
      long invokeId,
      Optional<CosemDateTime> dateTime,
      List<Specification> specifications,
      List<DlmsData> data)
      implements AccessService {
    public Request {
      Ranges.check(invokeId, 0, 0xFFFF_FFFFL, "long-invoke-id-and-priority");
      specifications = List.copyOf(specifications);
      data = List.copyOf(data);
    }

    /** Whether an answer is wanted. */
    public boolean confirmed() {
      return (invokeId & CONFIRMED) != 0;
    }

    @Override
    public int tag() {
      return ApduTag.ACCESS_REQUEST;
    }
  }

  /**
   * Access-Response-Specification: how one of the things went.
   *
   * @param kind 1 get, 2 set, 3 action
   */
  record Result(int kind, AccessResult result) {
    public Result {
      Ranges.check(kind, 1, 3, "kind of access");
    }
  }

  /**
   * Access-Response [218].
   *
   * @param request the request's specification, where it was asked for
   * @param data what each of them gave: null-data where it gave nothing
   * @param results how each of them went
   */
  record Response(
      long invokeId,
      Optional<CosemDateTime> dateTime,
      Optional<List<Specification>> request,
      List<DlmsData> data,
      List<Result> results)
      implements AccessService {
    public Response {
      Ranges.check(invokeId, 0, 0xFFFF_FFFFL, "long-invoke-id-and-priority");
      request = request.map(List::copyOf);
      data = List.copyOf(data);
      results = List.copyOf(results);
    }

    @Override
    public int tag() {
      return ApduTag.ACCESS_RESPONSE;
    }
  }
}
