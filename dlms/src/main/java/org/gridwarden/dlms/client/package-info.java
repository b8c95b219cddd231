/** The client's side of DLMS/COSEM: opens an association with a meter and asks for what it has. */
@NullMarked
package org.gridwarden.dlms.client;

import org.jspecify.annotations.NullMarked;
