-- AlterTable
ALTER TABLE "operation" ADD COLUMN "reasonFor" TEXT;
