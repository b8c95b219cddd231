package org.gridwarden.dlms;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * GET, SET and ACTION with lists and blocks, and the exception response (IEC 62056-5-3, clauses 9.3
 * and 9.5). Immutable. Their bytes are {@link Services}' business.
 */
public sealed interface Service extends Apdu {
  /** An attribute with what is wanted of it. */
  record Selected(AttributeRef attribute, Optional<Selection> selection) {}

  /** A method's result, with what it returns. */
  record Invoked(AccessResult result, Optional<Outcome> returned) {}

  /**
   * A part of a long value.
   *
   * @param last whether it is the last one
   * @param number from 1
   * @param raw its bytes
   */
  record Block(boolean last, long number, DlmsData.OctetString raw) {
    public Block {
      Ranges.check(number, 0, 0xFFFF_FFFFL, "block number");
    }
  }

  /** A service of the client's or the meter's that belongs to an invocation. */
  sealed interface Invocation extends Service {
    /** invoke-id-and-priority, 0 to 255: bits 0 to 3 the id, 6 confirmed, 7 high priority. */
    int invoke();
  }

  // --- GET

  record GetNormal(int invoke, Selected what) implements Invocation {
    @Override
    public int tag() {
      return ApduTag.GET_REQUEST;
    }
  }

  record GetNext(int invoke, long block) implements Invocation {
    @Override
    public int tag() {
      return ApduTag.GET_REQUEST;
    }
  }

  record GetList(int invoke, List<Selected> what) implements Invocation {
    public GetList {
      what = List.copyOf(what);
    }

    @Override
    public int tag() {
      return ApduTag.GET_REQUEST;
    }
  }

  record GotNormal(int invoke, Outcome outcome) implements Invocation {
    @Override
    public int tag() {
      return ApduTag.GET_RESPONSE;
    }
  }

  /**
   * A part of a value, or why there is none.
   *
   * @param refused where there is no block: why
   */
  record GotBlock(int invoke, Block block, Optional<AccessResult> refused) implements Invocation {
    @Override
    public int tag() {
      return ApduTag.GET_RESPONSE;
    }
  }

  record GotList(int invoke, List<Outcome> outcomes) implements Invocation {
    public GotList {
      outcomes = List.copyOf(outcomes);
    }

    @Override
    public int tag() {
      return ApduTag.GET_RESPONSE;
    }
  }

  // --- SET

  record SetNormal(int invoke, Selected what, DlmsData value) implements Invocation {
    @Override
    public int tag() {
      return ApduTag.SET_REQUEST;
    }
  }

  record SetFirstBlock(int invoke, Selected what, Block block) implements Invocation {
    @Override
    public int tag() {
      return ApduTag.SET_REQUEST;
    }
  }

  record SetBlock(int invoke, Block block) implements Invocation {
    @Override
    public int tag() {
      return ApduTag.SET_REQUEST;
    }
  }

  record SetList(int invoke, List<Selected> what, List<DlmsData> values) implements Invocation {
    public SetList {
      what = List.copyOf(what);
      values = List.copyOf(values);
    }

    @Override
    public int tag() {
      return ApduTag.SET_REQUEST;
    }
  }

  record SetListFirstBlock(int invoke, List<Selected> what, Block block) implements Invocation {
    public SetListFirstBlock {
      what = List.copyOf(what);
    }

    @Override
    public int tag() {
      return ApduTag.SET_REQUEST;
    }
  }

  record SetDone(int invoke, AccessResult result) implements Invocation {
    @Override
    public int tag() {
      return ApduTag.SET_RESPONSE;
    }
  }

  record SetBlockTaken(int invoke, long block) implements Invocation {
    @Override
    public int tag() {
      return ApduTag.SET_RESPONSE;
    }
  }

  record SetLastBlockTaken(int invoke, AccessResult result, long block) implements Invocation {
    @Override
    public int tag() {
      return ApduTag.SET_RESPONSE;
    }
  }

  record SetLastBlockListTaken(int invoke, List<AccessResult> results, long block)
      implements Invocation {
    public SetLastBlockListTaken {
      results = List.copyOf(results);
    }

    @Override
    public int tag() {
      return ApduTag.SET_RESPONSE;
    }
  }

  record SetListDone(int invoke, List<AccessResult> results) implements Invocation {
    public SetListDone {
      results = List.copyOf(results);
    }

    @Override
    public int tag() {
      return ApduTag.SET_RESPONSE;
    }
  }

  // --- ACTION

  record ActionNormal(int invoke, MethodRef method, Optional<DlmsData> parameters)
      implements Invocation {
    @Override
    public int tag() {
      return ApduTag.ACTION_REQUEST;
    }
  }

  record ActionNext(int invoke, long block) implements Invocation {
    @Override
    public int tag() {
      return ApduTag.ACTION_REQUEST;
    }
  }

  record ActionList(int invoke, List<MethodRef> methods, List<DlmsData> parameters)
      implements Invocation {
    public ActionList {
      methods = List.copyOf(methods);
      parameters = List.copyOf(parameters);
    }

    @Override
    public int tag() {
      return ApduTag.ACTION_REQUEST;
    }
  }

  record ActionFirstBlock(int invoke, MethodRef method, Block block) implements Invocation {
    @Override
    public int tag() {
      return ApduTag.ACTION_REQUEST;
    }
  }

  record ActionListFirstBlock(int invoke, List<MethodRef> methods, Block block)
      implements Invocation {
    public ActionListFirstBlock {
      methods = List.copyOf(methods);
    }

    @Override
    public int tag() {
      return ApduTag.ACTION_REQUEST;
    }
  }

  record ActionBlock(int invoke, Block block) implements Invocation {
    @Override
    public int tag() {
      return ApduTag.ACTION_REQUEST;
    }
  }

  record ActedNormal(int invoke, Invoked outcome) implements Invocation {
    @Override
    public int tag() {
      return ApduTag.ACTION_RESPONSE;
    }
  }

  record ActedBlock(int invoke, Block block) implements Invocation {
    @Override
    public int tag() {
      return ApduTag.ACTION_RESPONSE;
    }
  }

  record ActedList(int invoke, List<Invoked> outcomes) implements Invocation {
    public ActedList {
      outcomes = List.copyOf(outcomes);
    }

    @Override
    public int tag() {
      return ApduTag.ACTION_RESPONSE;
    }
  }

  record ActedBlockTaken(int invoke, long block) implements Invocation {
    @Override
    public int tag() {
      return ApduTag.ACTION_RESPONSE;
    }
  }

  /**
   * ExceptionResponse [216]: the meter refuses what came, whatever it was.
   *
   * @param state 1 service not allowed, 2 service unknown
   * @param service 1 operation not possible, 2 service not supported, 3 other reason, 4 PDU too
   *     long, 5 deciphering error, 6 invocation counter error
   * @param counter with 6, the counter that is expected
   */
  record ExceptionResponse(int state, int service, OptionalLong counter) implements Service {
    public static final int OTHER_REASON = 3;
    public static final int DECIPHERING_ERROR = 5;
    public static final int COUNTER_ERROR = 6;

    @Override
    public int tag() {
      return ApduTag.EXCEPTION_RESPONSE;
    }

    /** For a person. */
    public String reason() {
      String why =
          switch (service) {
            case 1 -> "operation not possible";
            case 2 -> "service not supported";
            case 4 -> "PDU too long";
            case DECIPHERING_ERROR -> "deciphering error";
            case COUNTER_ERROR -> "invocation counter error";
            default -> "other reason";
          };
      return (state == 1 ? "service not allowed, " : "service unknown, ") + why;
    }
  }
}
