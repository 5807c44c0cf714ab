package com.example.tenants.invoice;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

@Table("invoice")
public record Invoice(@Id Long id, String customer) {

}
