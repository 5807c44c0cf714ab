/**
 * Creates what databases offer besides connections: inspection, look-ups in the schema
 * and maintenance.
 */
@NullMarked
package io.appdbs.bean.service;

import org.jspecify.annotations.NullMarked;
