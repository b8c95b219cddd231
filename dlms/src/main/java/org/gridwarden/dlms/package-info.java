/**
 * A DLMS/COSEM stack: links, data types, APDUs, security suites, push layouts. Useful without the
 * rest of Gridwarden.
 */
@NullMarked
package org.gridwarden.dlms;

import org.jspecify.annotations.NullMarked;
