package org.gridwarden.dlms;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The xDLMS services: here GET, SET and ACTION with lists and blocks, and the exception response
 * (IEC 62056-5-3, clauses 9.3 and 9.5). Immutable. Their bytes are {@link Services}' business.
 */
public sealed interface Service extends Apdu
    permits Service.Invocation, Service.ExceptionResponse, AccessService, ShortNameService {
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

  /** What a client asks when it reads. */
  sealed interface GetRequest extends Invocation {
    @Override
    default int tag() {
      return ApduTag.GET_REQUEST;
    }
  }

  /** What a meter answers to it. */
  sealed interface GetResponse extends Invocation {
    @Override
    default int tag() {
      return ApduTag.GET_RESPONSE;
    }
  }

  /** What a client asks when it writes. */
  sealed interface SetRequest extends Invocation {
    @Override
    default int tag() {
      return ApduTag.SET_REQUEST;
    }
  }

  /** What a meter answers to it. */
  sealed interface SetResponse extends Invocation {
    @Override
    default int tag() {
      return ApduTag.SET_RESPONSE;
    }
  }

  /** What a client asks when it invokes a method. */
  sealed interface ActionRequest extends Invocation {
    @Override
    default int tag() {
      return ApduTag.ACTION_REQUEST;
    }
  }

  /** What a meter answers to it. */
  sealed interface ActionResponse extends Invocation {
    @Override
    default int tag() {
      return ApduTag.ACTION_RESPONSE;
    }
  }

  // --- GET

  record GetNormal(int invoke, Selected what) implements GetRequest {}

  record GetNext(int invoke, long block) implements GetRequest {}

  record GetList(int invoke, List<Selected> what) implements GetRequest {
    public GetList {
      what = List.copyOf(what);
    }
  }

  record GotNormal(int invoke, Outcome outcome) implements GetResponse {}

  /**
   * A part of a value, or why there is none.
   *
   * @param refused where there is no block: why
   */
  record GotBlock(int invoke, Block block, Optional<AccessResult> refused) implements GetResponse {}

  record GotList(int invoke, List<Outcome> outcomes) implements GetResponse {
    public GotList {
      outcomes = List.copyOf(outcomes);
    }
  }

  // --- SET

  record SetNormal(int invoke, Selected what, DlmsData value) implements SetRequest {}

  record SetFirstBlock(int invoke, Selected what, Block block) implements SetRequest {}

  record SetBlock(int invoke, Block block) implements SetRequest {}

  record SetList(int invoke, List<Selected> what, List<DlmsData> values) implements SetRequest {
    public SetList {
      what = List.copyOf(what);
      values = List.copyOf(values);
    }
  }

  record SetListFirstBlock(int invoke, List<Selected> what, Block block) implements SetRequest {
    public SetListFirstBlock {
      what = List.copyOf(what);
    }
  }

  record SetDone(int invoke, AccessResult result) implements SetResponse {}

  record SetBlockTaken(int invoke, long block) implements SetResponse {}

  record SetLastBlockTaken(int invoke, AccessResult result, long block) implements SetResponse {}

  record SetLastBlockListTaken(int invoke, List<AccessResult> results, long block)
      implements SetResponse {
    public SetLastBlockListTaken {
      results = List.copyOf(results);
    }
  }

  record SetListDone(int invoke, List<AccessResult> results) implements SetResponse {
    public SetListDone {
      results = List.copyOf(results);
    }
  }

  // --- ACTION

  record ActionNormal(int invoke, MethodRef method, Optional<DlmsData> parameters)
      implements ActionRequest {}

  record ActionNext(int invoke, long block) implements ActionRequest {}

  record ActionList(int invoke, List<MethodRef> methods, List<DlmsData> parameters)
      implements ActionRequest {
    public ActionList {
      methods = List.copyOf(methods);
      parameters = List.copyOf(parameters);
    }
  }

  record ActionFirstBlock(int invoke, MethodRef method, Block block) implements ActionRequest {}

  record ActionListFirstBlock(int invoke, List<MethodRef> methods, Block block)
      implements ActionRequest {
    public ActionListFirstBlock {
      methods = List.copyOf(methods);
    }
  }

  record ActionBlock(int invoke, Block block) implements ActionRequest {}

  record ActedNormal(int invoke, Invoked outcome) implements ActionResponse {}

  record ActedBlock(int invoke, Block block) implements ActionResponse {}

  record ActedList(int invoke, List<Invoked> outcomes) implements ActionResponse {
    public ActedList {
      outcomes = List.copyOf(outcomes);
    }
  }

  record ActedBlockTaken(int invoke, long block) implements ActionResponse {}

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
