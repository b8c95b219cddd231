/**
 * DLMS associations as load: rates beside those of other stacks, which are programs of their own in
 * interop/ and met over TCP alone.
 */
@NullMarked
package org.gridwarden.bench.dlms;

import org.jspecify.annotations.NullMarked;
