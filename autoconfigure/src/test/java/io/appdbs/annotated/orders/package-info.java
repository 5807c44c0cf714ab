/**
 * Entities of database 'orders'.
 */
@DatabasePackage("orders")
package io.appdbs.annotated.orders;

import io.appdbs.DatabasePackage;
