package io.appdbs.tenant.jdbc;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

@Table("payment")
public record Payment(@Id Long id, String marker) {

}
