package io.appdbs.encrypted.jdbc;

import io.appdbs.encryption.Encrypted;
import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * Entity of Spring Data JDBC.
 */
@Table("customer")
public record Customer(@Id @Nullable Long id, String name, @Nullable Encrypted iban) {

}
