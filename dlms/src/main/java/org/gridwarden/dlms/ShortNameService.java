package org.gridwarden.dlms;

import java.util.List;
import java.util.Optional;

/**
 * The services of short-name referencing: Read, Write, UnconfirmedWrite and InformationReport (IEC
 * 62056-5-3, clauses 6.14 to 6.18 and 9.5). They carry no invoke id: an answer belongs to the
 * question before it. Immutable. Their bytes are {@link ShortNameCodec}'s business.
 */
public sealed interface ShortNameService extends Service {
  /** Variable-Access-Specification: what is read or written. */
  sealed interface Variable {
    /**
     * variable-name [2].
     *
     * @param name the short name, 0 to 65,535
     */
    record Name(int name) implements Variable {
      public Name {
        Ranges.check(name, 0, 0xFFFF, "short name");
      }
    }

    /**
     * parameterized-access [4]: a part of an attribute, or a method that returns something.
     *
     * @param name the short name, 0 to 65,535
     */
    record Parameterized(int name, Selection selection) implements Variable {
      public Parameterized {
        Ranges.check(name, 0, 0xFFFF, "short name");
      }
    }

    /**
     * block-number-access [5]: the next block of a long answer.
     *
     * @param number the block that came last, 0 to 65,535
     */
    record BlockNumber(int number) implements Variable {
      public BlockNumber {
        Ranges.check(number, 0, 0xFFFF, "block number");
      }
    }

    /**
     * read-data-block-access [6]: a part of a question that is too long for one APDU.
     *
     * @param number from 1 to 65,535
     */
    record ReadBlock(boolean last, int number, DlmsData.OctetString raw) implements Variable {
      public ReadBlock {
        Ranges.check(number, 0, 0xFFFF, "block number");
      }
    }

    /**
     * write-data-block-access [7]: the one value beside it is a part of a long write.
     *
     * @param number from 1 to 65,535
     */
    record WriteBlock(boolean last, int number) implements Variable {
      public WriteBlock {
        Ranges.check(number, 0, 0xFFFF, "block number");
      }
    }
  }

  /** ReadRequest [5]. */
  record ReadRequest(List<Variable> variables) implements ShortNameService {
    public ReadRequest {
      variables = List.copyOf(variables);
    }

    @Override
    public int tag() {
      return ApduTag.READ_REQUEST;
    }
  }

  /** What reading a variable gave. */
  sealed interface Read {
    /** data [0] or data-access-error [1]. */
    record Whole(Outcome outcome) implements Read {}

    /**
     * data-block-result [2]: a part of a long answer.
     *
     * @param number from 1 to 65,535
     */
    record Block(boolean last, int number, DlmsData.OctetString raw) implements Read {
      public Block {
        Ranges.check(number, 0, 0xFFFF, "block number");
      }
    }

    /**
     * block-number [3]: this block of a long question was taken.
     *
     * @param number 0 to 65,535
     */
    record BlockTaken(int number) implements Read {
      public BlockTaken {
        Ranges.check(number, 0, 0xFFFF, "block number");
      }
    }
  }

  /** ReadResponse [12]. */
  record ReadResponse(List<Read> results) implements ShortNameService {
    public ReadResponse {
      results = List.copyOf(results);
    }

    @Override
    public int tag() {
      return ApduTag.READ_RESPONSE;
    }
  }

  /**
   * WriteRequest [6].
   *
   * @param values one for each variable
   */
  record WriteRequest(List<Variable> variables, List<DlmsData> values) implements ShortNameService {
    public WriteRequest {
      variables = List.copyOf(variables);
      values = List.copyOf(values);
    }

    @Override
    public int tag() {
      return ApduTag.WRITE_REQUEST;
    }
  }

  /** What writing a variable gave. */
  sealed interface Written {
    /** success [0] or data-access-error [1]. */
    record Whole(AccessResult result) implements Written {}

    /**
     * block-number [2]: this block was taken.
     *
     * @param number 0 to 65,535
     */
    record BlockTaken(int number) implements Written {
      public BlockTaken {
        Ranges.check(number, 0, 0xFFFF, "block number");
      }
    }
  }

  /** WriteResponse [13]. */
  record WriteResponse(List<Written> results) implements ShortNameService {
    public WriteResponse {
      results = List.copyOf(results);
    }

    @Override
    public int tag() {
      return ApduTag.WRITE_RESPONSE;
    }
  }

  /**
   * UnconfirmedWriteRequest [22]: nothing answers it.
   *
   * @param values one for each variable
   */
  record UnconfirmedWriteRequest(List<Variable> variables, List<DlmsData> values)
      implements ShortNameService {
    public UnconfirmedWriteRequest {
      variables = List.copyOf(variables);
      values = List.copyOf(values);
    }

    @Override
    public int tag() {
      return ApduTag.UNCONFIRMED_WRITE_REQUEST;
    }
  }

  /**
   * InformationReportRequest [24]: the meter tells values that nobody asked for.
   *
   * @param time the meter's GeneralizedTime as it writes it, {@code 20261125033500Z}; may be left
   *     out
   * @param values one for each variable
   */
  record InformationReportRequest(
      Optional<String> time, List<Variable> variables, List<DlmsData> values)
      implements ShortNameService {
    public InformationReportRequest {
      variables = List.copyOf(variables);
      values = List.copyOf(values);
    }

    @Override
    public int tag() {
      return ApduTag.INFORMATION_REPORT_REQUEST;
    }
  }
}
